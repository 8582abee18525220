import { useMutation } from "@tanstack/react-query";
import { type Case, meetingsApi, type NewMeeting, type Role, type Specialty } from "@tongtai/api-client";
import { Button, Form, Input, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { useCaseNaming, useWords } from "../workflow/words";
import { useTakeMeeting } from "./queries";

interface Fields {
  readonly at: string;
  readonly panel: { readonly specialty: Specialty; readonly user_id?: string; readonly title?: string }[];
}

/** Who sits in panels comes first in the list; everybody of the case can be asked. */
const EXPERTS: readonly Role[] = ["lead_guide", "backup_guide", "mdt_member"];
const QUORUM: readonly Specialty[] = ["interventional", "hepatic_surgery", "radiology"];
const two = (value: number) => String(value).padStart(2, "0");

/** The next full hour, as a `datetime-local` field wants it. */
function nextHour(): string {
  const at = new Date(Date.now() + 3_600_000);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:00`;
}

/** Asks a panel to a meeting: the quorum's three specialties first, more where the case wants them. */
export function ConveneDialog({ shown, onClose }: { readonly shown: Case; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: word } = useTranslation();
  const { choices } = useWords();
  const naming = useCaseNaming(shown);
  const take = useTakeMeeting(shown.id);
  const convene = useMutation({
    mutationFn: ({ at, panel }: Fields) => {
      const seats: NewMeeting["panel"] = panel.map((seat) => ({
        ...seat,
        user_id: seat.user_id ?? "",
        title: seat.title ?? "",
      }));
      return meetingsApi.convene(shown.id, { scheduled_at: new Date(at).toISOString(), panel: seats, quorum: [] });
    },
    onSuccess: async (meeting) => {
      await take(meeting);
      onClose();
    },
  });
  const rank = ({ role, side }: Case["team"][number]) => {
    const place = EXPERTS.indexOf(role);
    return place >= 0 ? place : EXPERTS.length + Number(side === "site");
  };
  const options = shown.team
    .toSorted((a, b) => rank(a) - rank(b))
    .filter(({ user_id: id }, place, all) => all.findIndex((other) => other.user_id === id) === place)
    .map(({ user_id: id, role }) => ({
      value: id,
      label: `${naming("user_id", id) ?? id} · ${word(`role.${role}`)}`,
    }));
  const missing = [{ required: true, message: word("form.missing") }];
  return (
    <FormDialog<Fields>
      title={t("meeting.convene")}
      okText={t("meeting.conveneOk")}
      width={760}
      initialValues={{ at: nextHour(), panel: QUORUM.map((specialty) => ({ specialty })) }}
      busy={convene.isPending}
      error={convene.error}
      naming={naming}
      onSubmit={convene.mutate}
      onClose={onClose}
    >
      <Form.Item name="at" label={t("meeting.at")} rules={missing}>
        <Input type="datetime-local" />
      </Form.Item>
      <p className="shell-dim">{t("meeting.quorumText")}</p>
      <Form.List name="panel">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="meeting-seat">
                <Form.Item name={[name, "specialty"]} rules={missing}>
                  <Select aria-label={t("meeting.specialty")} options={choices("specialty")} />
                </Form.Item>
                <Form.Item name={[name, "user_id"]} rules={missing}>
                  <Select
                    aria-label={t("meeting.person")}
                    options={options}
                    placeholder={t("meeting.person")}
                    showSearch={{ optionFilterProp: "label" }}
                  />
                </Form.Item>
                <Form.Item name={[name, "title"]}>
                  <Input aria-label={t("meeting.personTitle")} placeholder={t("meeting.personTitle")} />
                </Form.Item>
                <Button
                  icon={<Trash2 size={16} />}
                  aria-label={t("meeting.removeSeat")}
                  disabled={fields.length <= 1}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button icon={<Plus size={16} />} onClick={() => add({})}>
              {t("meeting.addSeat")}
            </Button>
          </>
        )}
      </Form.List>
    </FormDialog>
  );
}
