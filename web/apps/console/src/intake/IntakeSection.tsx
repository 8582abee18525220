import { ErrorState } from "@tongtai/ui";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import type { SectionProps } from "../cases/section";
import { useErrorText } from "../shell/errors";
import { Waiting } from "../shell/Waiting";
import { IntakeForm } from "./IntakeForm";
import { useFormSheet, useIntake } from "./queries";
import { ReadIntake } from "./ReadIntake";

import "./intake.css";

/** The material of a case: a form for its own hospital, a sheet to be read for everybody else. */
export default function IntakeSection({ shown }: SectionProps) {
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const form = useFormSheet();
  const intake = useIntake(shown.id);
  const failed = form.error ?? intake.error;
  if (failed !== null && intake.data === undefined) {
    return (
      <ErrorState
        title={word("error.title")}
        text={errorText(failed)}
        action={<Button onClick={() => void Promise.all([form.refetch(), intake.refetch()])}>{word("retry")}</Button>}
      />
    );
  }
  if (form.data === undefined || intake.data === undefined) return <Waiting />;
  const parts = { shown, form: form.data, intake: intake.data };
  return shown.permissions.includes("intake_write") ? <IntakeForm {...parts} /> : <ReadIntake {...parts} />;
}
