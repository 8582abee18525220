import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type CaseReview,
  type FindingGrade,
  type PointVerdict,
  type ReviewPoint,
  reviewsApi,
} from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Form, Input, Modal, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { usePreferences } from "../shell/preferences";
import { FINDINGS } from "./FindingsTab";
import { REVIEWS } from "./ReviewsTab";

export const GRADES: readonly FindingGrade[] = ["minor", "major", "severe"];
const VERDICTS: readonly PointVerdict[] = ["met", "finding", "not_applicable"];
const LEVEL = { met: "good", finding: "warn", not_applicable: "off" } as const;

interface Answer {
  readonly verdict?: PointVerdict;
  readonly grade?: FindingGrade;
  readonly text?: string;
}
type Fields = Readonly<Record<string, Answer | undefined>>;

function bodyOf(review: CaseReview, fields: Fields): Parameters<typeof reviewsApi.finish>[1] {
  const verdicts: Record<string, PointVerdict> = {};
  const findings: { point: string; grade: FindingGrade; text: string }[] = [];
  for (const [point, answer] of Object.entries(fields)) {
    if (answer?.verdict === undefined) continue;
    verdicts[point] = answer.verdict;
    if (answer.verdict === "finding") {
      findings.push({ point, grade: answer.grade ?? "minor", text: answer.text ?? "" });
    }
  }
  return { version: review.version, verdicts, findings };
}

function PointFields({ point, number }: { readonly point: ReviewPoint; readonly number: number }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { language } = usePreferences();
  const verdict: PointVerdict | undefined = Form.useWatch([point.key, "verdict"]);
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <fieldset className="review-point">
      <Form.Item
        name={[point.key, "verdict"]}
        label={`${number}. ${point.text[language]}`}
        extra={`${t("quality.source")}: ${point.source[language]}`}
        rules={missing}
      >
        <Radio.Group
          optionType="button"
          data-testid={`verdict-${point.key}`}
          options={VERDICTS.map((value) => ({ value, label: t(`review.verdict.${value}`) }))}
        />
      </Form.Item>
      {verdict === "finding" && (
        <>
          <Form.Item name={[point.key, "grade"]} label={t("review.grade")} rules={missing}>
            <Radio.Group
              optionType="button"
              options={GRADES.map((value) => ({ value, label: t(`review.grades.${value}`) }))}
            />
          </Form.Item>
          <Form.Item name={[point.key, "text"]} label={t("review.text")} extra={t("review.noPatient")} rules={missing}>
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={5000} />
          </Form.Item>
        </>
      )}
    </fieldset>
  );
}

/** Every point of a drawn case, answered; kept on this device until it is sent. */
export function ReviewDialog({ review, onClose }: { readonly review: CaseReview; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { language } = usePreferences();
  const queries = useQueryClient();
  const draft = useFormDraft("review", review.id);
  const { data: points } = useQuery({ queryKey: ["review-points"], queryFn: reviewsApi.points });
  const finish = useMutation({
    mutationFn: (fields: Fields) => reviewsApi.finish(review.id, bodyOf(review, fields)),
    onSuccess: async () => {
      draft.clear();
      await Promise.all([REVIEWS, FINDINGS].map((queryKey) => queries.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  const title = t("review.of", { number: review.case_number });
  if (points === undefined) return null;
  if (review.reviewed_at !== null) {
    return (
      <Modal open title={title} footer={null} width={900} onCancel={onClose}>
        <ol className="review-verdicts">
          {points.map(({ key, text }) => {
            const verdict = review.verdicts[key] ?? "not_applicable";
            return (
              <li key={key}>
                {text[language]} <StateMark level={LEVEL[verdict]}>{t(`review.verdict.${verdict}`)}</StateMark>
              </li>
            );
          })}
        </ol>
      </Modal>
    );
  }
  return (
    <FormDialog<Fields>
      title={title}
      okText={t("review.finish")}
      width={900}
      initialValues={(draft.restored ?? undefined) as Fields | undefined}
      busy={finish.isPending}
      error={finish.error}
      onSubmit={finish.mutate}
      onClose={onClose}
      onChange={draft.save}
    >
      {points.map((point, index) => (
        <PointFields key={point.key} point={point} number={index + 1} />
      ))}
    </FormDialog>
  );
}
