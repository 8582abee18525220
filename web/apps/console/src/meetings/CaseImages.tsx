import { useQuery } from "@tanstack/react-query";
import { casesApi } from "@tongtai/api-client";
import { CtViewer } from "@tongtai/react";
import { EmptyState, ErrorState } from "@tongtai/ui";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { Waiting } from "../shell/Waiting";

/** The case's series, the newest first; one is looked at. */
export function CaseImages({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const query = useQuery({ queryKey: ["series", caseId], queryFn: () => casesApi.series(caseId) });
  const [chosen, setChosen] = useState<string>();
  if (query.isPending) return <Waiting />;
  if (query.isError) return <ErrorState title={word("error.title")} text={errorText(query.error)} />;
  const series = [...query.data].sort((a, b) => b.study_date.localeCompare(a.study_date));
  const shown = series.find(({ series_uid }) => series_uid === chosen) ?? series[0];
  if (shown === undefined) return <EmptyState title={t("meeting.noImages")} text={t("meeting.noImagesText")} />;
  return (
    <div className="meeting-images">
      <Select
        aria-label={t("meeting.series")}
        value={shown.series_uid}
        onChange={setChosen}
        options={series.map((each) => ({
          value: each.series_uid,
          label: `${each.description || each.modality} · ${each.instances}`,
        }))}
      />
      <div className="meeting-images__view">
        <CtViewer
          key={shown.series_uid}
          caseId={caseId}
          studyUid={shown.study_uid}
          seriesUid={shown.series_uid}
          received={shown.instances}
        />
      </div>
    </div>
  );
}
