import { useMutation } from "@tanstack/react-query";
import { type Case, type ServiceType, workflowApi } from "@tongtai/api-client";
import { Panel } from "@tongtai/ui";
import { Alert, Button, Checkbox, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { LackList } from "./LackList";
import { useTakeWay } from "./queries";
import { refusedFor, useWords } from "./words";

const SERVICES = ["consultation", "diagnosis"] as const satisfies readonly ServiceType[];

/** Takes a case into the workflow: the kind of service is chosen once, because it decides who is liable. */
export function BeginForm({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("way");
  const errorText = useErrorText();
  const { named, word: valueWord } = useWords();
  const take = useTakeWay(shown.id);
  const [service, setService] = useState<ServiceType>("consultation");
  const [urgent, setUrgent] = useState(false);
  const begin = useMutation({
    mutationFn: () => workflowApi.begin(shown.id, { service_type: service, urgent }),
    onSuccess: take,
  });
  if (shown.side !== "site" || !shown.permissions.includes("case_write")) return null;
  return (
    <Panel title={t("begin.title")}>
      <p>{t("begin.text")}</p>
      <div className="way-begin">
        <Radio.Group
          value={service}
          aria-label={t("begin.service")}
          onChange={({ target }) => {
            setService(target.value as ServiceType);
          }}
          options={SERVICES.map((value) => ({
            value,
            label: `${valueWord("service", value)} · ${t(`begin.${value}`)}`,
          }))}
        />
        <Checkbox
          checked={urgent}
          onChange={({ target }) => {
            setUrgent(target.checked);
          }}
        >
          {t("urgent")}
        </Checkbox>
        <Button
          type="primary"
          data-testid="way-begin"
          loading={begin.isPending}
          onClick={() => {
            begin.mutate();
          }}
        >
          {named("acts", "begin")}
        </Button>
      </div>
      {begin.isError && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={errorText(begin.error)}
          description={refusedFor(begin.error).length > 0 && <LackList shown={shown} lacks={refusedFor(begin.error)} />}
        />
      )}
    </Panel>
  );
}
