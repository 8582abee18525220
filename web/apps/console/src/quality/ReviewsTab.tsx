import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type CaseReview, reviewsApi } from "@tongtai/api-client";
import { Panel, StateMark } from "@tongtai/ui";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { ListPanel } from "../admin/ListPanel";
import { formatDateTime, usePreferences } from "../shell/preferences";
import { useMe } from "../shell/session";
import { useWords } from "../workflow/words";
import { ReviewDialog } from "./ReviewDialog";

export const REVIEWS = ["reviews"] as const;
const DRAWS = ["review-draws"] as const;

/** The last draw: of how many, by which seed, so that anybody can draw the same again. */
function LastDraw() {
  const { t } = useTranslation("clinical");
  const { errorText } = useWords();
  const { language } = usePreferences();
  const { permissions } = useMe();
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey: DRAWS, queryFn: reviewsApi.draws });
  const draw = useMutation({
    mutationFn: reviewsApi.draw,
    onSuccess: () => Promise.all([DRAWS, REVIEWS].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  const last = data?.[0];
  return (
    <Panel
      title={t("review.draws")}
      actions={
        permissions.includes("quality_review") && (
          <Button type="primary" data-testid="draw" loading={draw.isPending} onClick={() => draw.mutate()}>
            {t("review.draw")}
          </Button>
        )
      }
    >
      <p className="shell-dim">{t("review.drawText")}</p>
      {draw.isError && <Alert type="info" showIcon role="alert" title={errorText(draw.error)} />}
      {last !== undefined && (
        <dl className="facts" data-testid="last-draw">
          <dt>{t("review.lastDraw", { number: last.number })}</dt>
          <dd>
            {formatDateTime(last.until)} · {language === "en" ? last.by.name_en : last.by.name}
          </dd>
          <dt>{t("review.drawn")}</dt>
          <dd>{t("review.drawnOf", { drawn: last.drawn, population: last.population, percent: last.percent })}</dd>
          <dt>{t("review.seed")}</dt>
          <dd>
            <code>{last.seed}</code>
          </dd>
        </dl>
      )}
    </Panel>
  );
}

/** The queue of quality control: drawn cases, each to be checked against the same points. */
export function ReviewsTab() {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const { permissions } = useMe();
  const query = useQuery({ queryKey: REVIEWS, queryFn: reviewsApi.list });
  const [opened, setOpened] = useState<CaseReview>();
  const mayReview = permissions.includes("quality_review");
  const found = ({ verdicts }: CaseReview) => Object.values(verdicts).filter((one) => one === "finding").length;
  return (
    <div className="page-stack">
      <LastDraw />
      <ListPanel<CaseReview>
        title={t("review.queue")}
        query={query}
        empty={t("review.none")}
        columns={[
          {
            title: t("quality.number"),
            render: (_, { case_id, case_number }) => <Link to={`/cases/${case_id}`}>{case_number}</Link>,
          },
          { title: t("review.drawnAt"), render: (_, { drawn_at }) => formatDateTime(drawn_at) },
          {
            title: t("review.state"),
            render: (_, review) =>
              review.reviewed_at === null ? (
                <StateMark level="warn">{t("review.waits")}</StateMark>
              ) : (
                <StateMark level={found(review) > 0 ? "info" : "good"}>
                  {t("review.reviewed", { count: found(review) })}
                </StateMark>
              ),
          },
          {
            title: t("review.by"),
            render: (_, { by }) => (by === null ? "–" : language === "en" ? by.name_en : by.name),
          },
          {
            title: t("review.at"),
            render: (_, { reviewed_at }) => (reviewed_at === null ? "–" : formatDateTime(reviewed_at)),
          },
          {
            title: "",
            render: (_, review) =>
              (review.reviewed_at !== null || mayReview) && (
                <Button data-testid={`review-${review.case_number}`} onClick={() => setOpened(review)}>
                  {t(review.reviewed_at === null ? "review.open" : "review.look")}
                </Button>
              ),
          },
        ]}
      >
        {opened !== undefined && <ReviewDialog review={opened} onClose={() => setOpened(undefined)} />}
      </ListPanel>
    </div>
  );
}
