import { Button, Space } from "antd";
import { type DragEvent, type ChangeEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { type ChosenFile, chosenFrom, droppedFrom } from "./collect";
import { ConfirmPatient } from "./ConfirmPatient";
import { PushReport } from "./PushReport";
import { usePush } from "./usePush";

interface UploadAreaProps {
  readonly caseId: string;
  onArrived(): void;
}

/** Drop a folder, files or a zip, or choose them with the keyboard. */
export function UploadArea({ caseId, onArrived }: UploadAreaProps) {
  const { t } = useTranslation();
  const push = usePush(caseId, onArrived);
  const [over, setOver] = useState(false);
  const folderInput = useRef<HTMLInputElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const sending = push.state.at === "sending";
  const send = (files: readonly ChosenFile[]) => {
    if (files.length > 0 && !sending) void push.start(files);
  };
  const onChosen = (event: ChangeEvent<HTMLInputElement>) => {
    send(chosenFrom(event.target.files ?? []));
    // The same folder can be chosen again after a failure.
    event.target.value = "";
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFrom(event.dataTransfer).then(send);
  };
  const waiting = push.state.at === "done" ? push.state.summary.quarantined[0] : undefined;
  return (
    <div style={{ padding: 16 }} className="page-stack tt-no-print">
      <div
        className="drop"
        data-over={over}
        onDrop={onDrop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
      >
        <p>{t("upload.drop")}</p>
        <Space wrap>
          <Button disabled={sending} onClick={() => folderInput.current?.click()}>
            {t("upload.folder")}
          </Button>
          <Button disabled={sending} onClick={() => fileInput.current?.click()}>
            {t("upload.files")}
          </Button>
        </Space>
        <input ref={folderInput} type="file" multiple hidden {...{ webkitdirectory: "" }} onChange={onChosen} />
        <input ref={fileInput} type="file" multiple hidden onChange={onChosen} />
      </div>
      <PushReport state={push.state} onCancel={push.cancel} />
      {waiting !== undefined && push.state.at === "done" && (
        <ConfirmPatient
          key={waiting.identity}
          caseId={caseId}
          pushId={push.state.summary.push_id}
          waiting={waiting}
          onConfirmed={push.confirmed}
        />
      )}
    </div>
  );
}
