import { useMutation } from "@tanstack/react-query";
import { ApiError, type Case, documentsApi, documentUrl } from "@tongtai/api-client";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";

import { usePreferences } from "../shell/preferences";
import { useRefreshCase, useWay } from "../workflow/queries";
import { useWords } from "../workflow/words";

/** Generates the minutes as a paper; its signatures are asked for where all papers of the case are. */
export function MinutesButton({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { errorText } = useWords();
  const way = useWay(shown.id);
  const refresh = useRefreshCase(shown.id);
  const make = useMutation({
    mutationFn: () => documentsApi.make(shown.id, { kind: "mdt_record", language, subject: "", words: {} }),
    onSuccess: async (document) => {
      window.open(documentUrl(shown.id, document.id), "_blank", "noopener");
      await refresh();
    },
  });
  if (!shown.permissions.includes("document_write") || !way.data) return null;
  const missing =
    make.error instanceof ApiError && Array.isArray(make.error.values.missing) ? make.error.values.missing : [];
  return (
    <>
      <Button loading={make.isPending} data-testid="minutes" onClick={() => make.mutate()}>
        {t("meeting.minutes")}
      </Button>
      {make.isError && (
        <Alert type="warning" showIcon title={errorText(make.error)} description={missing.join(" · ") || undefined} />
      )}
    </>
  );
}
