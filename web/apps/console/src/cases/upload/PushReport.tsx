import { StateMark } from "@tongtai/ui";
import { Alert, Button, Progress } from "antd";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../../shell/errors";
import type { PushProgress } from "./push";
import type { PushState } from "./usePush";

const BYTES_PER_MEGABYTE = 1e6;

function Headline({ state }: { readonly state: PushState }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  switch (state.at) {
    case "idle":
    case "sending":
      return null;
    case "cancelled":
      return <Alert type="warning" showIcon title={t("upload.cancelled")} description={t("upload.kept")} />;
    case "failed":
      return <Alert type="error" showIcon title={errorText(state.error)} description={t("upload.kept")} />;
    case "done":
      return (
        <StateMark level={state.summary.quarantined.length > 0 ? "warn" : "good"}>
          {t("upload.done", {
            received: state.summary.received,
            duplicates: state.summary.duplicates,
            rejected: state.summary.rejected,
            waiting: state.summary.quarantined.reduce((sum, { files }) => sum + files, 0),
          })}
        </StateMark>
      );
  }
}

function Bar({ progress, onCancel }: { readonly progress: PushProgress; onCancel(): void }) {
  const { t } = useTranslation();
  const share = progress.bytes === 0 ? 0 : progress.sentBytes / progress.bytes;
  return (
    <div>
      <Progress percent={Math.floor(share * 100)} aria-label={t("upload.sending")} />
      <div style={{ display: "flex", justifyContent: "space-between", alignItems: "center" }}>
        <span role="status">
          {t("upload.progress", {
            done: progress.done,
            files: progress.files,
            sent: (progress.sentBytes / BYTES_PER_MEGABYTE).toFixed(1),
            size: (progress.bytes / BYTES_PER_MEGABYTE).toFixed(1),
          })}
        </span>
        <Button onClick={onCancel}>{t("cancel")}</Button>
      </div>
    </div>
  );
}

function Rejected({ progress }: { readonly progress: PushProgress }) {
  const { t, i18n } = useTranslation();
  const reason = (code: string, message: string) =>
    i18n.exists(`errors.${code}`, { ns: "shell" }) ? t(`errors.${code}`) : message;
  return (
    <details open>
      <summary>{t("upload.rejected", { count: progress.rejected.length })}</summary>
      <ul style={{ maxHeight: 240, overflow: "auto" }}>
        {progress.rejected.map(({ name, code, message }, index) => (
          <li key={`${index} ${name}`}>
            <code>{name}</code>: {reason(code, message)}
          </li>
        ))}
      </ul>
    </details>
  );
}

export function PushReport({ state, onCancel }: { readonly state: PushState; onCancel(): void }) {
  const progress = state.at === "idle" ? undefined : state.progress;
  return (
    <>
      {state.at === "sending" && progress !== undefined && <Bar progress={progress} onCancel={onCancel} />}
      <Headline state={state} />
      {progress !== undefined && progress.rejected.length > 0 && <Rejected progress={progress} />}
    </>
  );
}
