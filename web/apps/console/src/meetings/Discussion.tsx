import { useMutation } from "@tanstack/react-query";
import { type Case, type Discussion, type Meeting, meetingsApi } from "@tongtai/api-client";
import { EmptyState, Panel } from "@tongtai/ui";
import { Button, Form, Input, InputNumber, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormDraft } from "../shell/drafts";
import { FormDialog } from "../shell/FormDialog";
import { useMe } from "../shell/session";
import { useWords } from "../workflow/words";
import { useTakeMeeting } from "./queries";
import { mayChair } from "./rights";

const STRUCTURES = ["vessel", "duct", "bowel", "diaphragm", "gallbladder", "heart"] as const;

interface MeetingProps {
  readonly shown: Case;
  readonly meeting: Meeting;
}

/** The lesions with their distances, and the treatments that were talked about with what was said of each. */
export function DiscussionPanel({ shown, meeting }: MeetingProps) {
  const { t } = useTranslation("clinical");
  const { word } = useWords();
  const me = useMe();
  const [editing, setEditing] = useState(false);
  const mayEdit = meeting.conclusion === null && mayChair(shown, me.user.id);
  const empty = meeting.lesions.length === 0 && meeting.options.length === 0;
  return (
    <Panel
      title={t("meeting.discussion")}
      actions={
        mayEdit ? (
          <Button data-testid="write-discussion" onClick={() => setEditing(true)}>
            {t("meeting.writeDiscussion")}
          </Button>
        ) : undefined
      }
    >
      {empty && <EmptyState title={t("meeting.nothingWritten")} text={t("meeting.nothingWrittenText")} />}
      {meeting.lesions.length > 0 && (
        <div className="meeting-lesions-frame">
          <table className="meeting-lesions">
            <thead>
              <tr>
                <th>{t("meeting.lesion")}</th>
                <th>{t("meeting.segment")}</th>
                <th>{t("meeting.size")}</th>
                {STRUCTURES.map((each) => (
                  <th key={each}>{word("structure", each)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {meeting.lesions.map((lesion) => (
                <tr key={lesion.label}>
                  <td>{lesion.label}</td>
                  <td>{lesion.segment}</td>
                  <td>{lesion.size_mm} mm</td>
                  {STRUCTURES.map((each) => (
                    <td key={each}>
                      {lesion.distances_mm[each] === undefined ? "–" : `${lesion.distances_mm[each]} mm`}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ul className="plain-list">
        {meeting.options.map((option) => (
          <li key={option.treatment}>
            <strong>{word("treatment", option.treatment)}</strong> {option.note}
          </li>
        ))}
      </ul>
      {editing && <WriteDiscussion shown={shown} meeting={meeting} onClose={() => setEditing(false)} />}
    </Panel>
  );
}

type Fields = Pick<Discussion, "lesions" | "options">;

/** Distances that were left empty are not sent: "not measured" is not zero. */
const known = (distances: Readonly<Record<string, number | null | undefined>> = {}): Record<string, number> =>
  Object.fromEntries(
    Object.entries(distances).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );

function WriteDiscussion({ shown, meeting, onClose }: MeetingProps & { onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: shellWord } = useTranslation();
  const { word, choices } = useWords();
  const take = useTakeMeeting(shown.id);
  const draft = useFormDraft("discussion", meeting.id);
  const write = useMutation({
    mutationFn: ({ lesions, options }: Fields) =>
      meetingsApi.discuss(shown.id, meeting.id, {
        version: meeting.version,
        lesions: lesions.map((lesion) => ({ ...lesion, distances_mm: known(lesion.distances_mm) })),
        options: options.map((option) => ({ ...option, note: option.note ?? "" })),
      }),
    onSuccess: async (after) => {
      draft.clear();
      await take(after);
      onClose();
    },
  });
  const missing = [{ required: true, message: shellWord("form.missing") }];
  const first: Partial<Fields> = {
    lesions: meeting.lesions.length > 0 ? meeting.lesions : [{ label: "1", segment: "", size_mm: 0, distances_mm: {} }],
    options: meeting.options.length > 0 ? meeting.options : [{ treatment: shown.technique, note: "" }],
  };
  return (
    <FormDialog<Fields>
      title={t("meeting.writeDiscussion")}
      okText={shellWord("save")}
      width={960}
      initialValues={{ ...first, ...(draft.restored as Partial<Fields> | null) }}
      busy={write.isPending}
      error={write.error}
      onChange={draft.save}
      onSubmit={(fields) => write.mutate(fields)}
      onClose={onClose}
    >
      <h3>{t("meeting.lesions")}</h3>
      <Form.List name="lesions">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="meeting-lesion">
                <Form.Item name={[name, "label"]} label={t("meeting.lesion")} rules={missing}>
                  <Input />
                </Form.Item>
                <Form.Item name={[name, "segment"]} label={t("meeting.segment")} rules={missing}>
                  <Input placeholder="S8" />
                </Form.Item>
                <Form.Item name={[name, "size_mm"]} label={`${t("meeting.size")} (mm)`} rules={missing}>
                  <InputNumber min={0.1} max={2000} />
                </Form.Item>
                {STRUCTURES.map((each) => (
                  <Form.Item key={each} name={[name, "distances_mm", each]} label={`${word("structure", each)} (mm)`}>
                    <InputNumber min={0} max={2000} />
                  </Form.Item>
                ))}
                <Button
                  icon={<Trash2 size={16} />}
                  aria-label={t("meeting.removeLesion")}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button
              icon={<Plus size={16} />}
              onClick={() => add({ label: String(fields.length + 1), distances_mm: {} })}
            >
              {t("meeting.addLesion")}
            </Button>
          </>
        )}
      </Form.List>
      <h3>{t("meeting.options")}</h3>
      <Form.List name="options">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="meeting-option">
                <Form.Item name={[name, "treatment"]} rules={missing}>
                  <Select aria-label={t("meeting.treatment")} options={choices("treatment")} />
                </Form.Item>
                <Form.Item name={[name, "note"]}>
                  <Input.TextArea autoSize placeholder={t("meeting.forAndAgainst")} />
                </Form.Item>
                <Button
                  icon={<Trash2 size={16} />}
                  aria-label={t("meeting.removeOption")}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button icon={<Plus size={16} />} onClick={() => add({})}>
              {t("meeting.addOption")}
            </Button>
          </>
        )}
      </Form.List>
    </FormDialog>
  );
}
