import { useMutation } from "@tanstack/react-query";
import { type Case, checklistsApi, type CheckParty, type CheckSheet } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { Form, Input } from "antd";
import { KeyRound, UserCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FormDialog } from "../shell/FormDialog";
import { formatDateTime } from "../shell/preferences";
import { Refusal } from "../workflow/Lacks";
import { useWords } from "../workflow/words";
import { useShowSheets } from "./queries";

interface PartiesProps {
  readonly shown: Case;
  readonly sheet: CheckSheet;
  readonly mine: ReadonlySet<CheckParty>;
}

const IN_ORDER: readonly CheckParty[] = ["surgeon", "anaesthesia", "nurse", "guide"];

/** The guide is at another place and confirms on the own page: no PIN of the centre is typed at the hospital's tablet. */
const BY_PIN: ReadonlySet<CheckParty> = new Set(["surgeon", "anaesthesia", "nurse"]);

/** Each party confirms as another person: by the own log-in, or by PIN at the tablet that all share. */
export function Parties({ shown, sheet, mine }: PartiesProps) {
  const { t, i18n } = useTranslation("clinical");
  const { word } = useWords();
  const showSheets = useShowSheets(shown.id);
  const [asking, setAsking] = useState<CheckParty>();
  const confirm = useMutation({
    mutationFn: (party: CheckParty) => checklistsApi.confirm(shown.id, sheet.sheet, party),
    onSuccess: showSheets,
  });
  return (
    <>
      <ul className="plain-list check-parties">
        {IN_ORDER.filter((party) => sheet.parties.includes(party)).map((party) => {
          const done = sheet.confirmations[party];
          return (
            <li key={party} className="record" data-testid={`party-${party}`}>
              <strong>{word("party", party)}</strong>
              {done ? (
                <StateMark level="good">
                  {t("check.confirmedBy", {
                    name: i18n.language === "en" ? done.name_en : done.name,
                    at: formatDateTime(done.at).slice(11),
                  })}{" "}
                  {done.means === "pin" && t("check.byPin")}
                </StateMark>
              ) : (
                <StateMark level="warn">{t("check.waits")}</StateMark>
              )}
              {!done && (
                <div className="check-line__answer">
                  {mine.has(party) && (
                    <button
                      type="button"
                      className="check-button"
                      data-tone="primary"
                      disabled={confirm.isPending}
                      onClick={() => confirm.mutate(party)}
                    >
                      <UserCheck size={22} aria-hidden="true" /> {t("check.confirmAs")}
                    </button>
                  )}
                  {BY_PIN.has(party) && shown.side === "site" && (
                    <button type="button" className="check-button" onClick={() => setAsking(party)}>
                      <KeyRound size={22} aria-hidden="true" /> {t("check.withPin")}
                    </button>
                  )}
                  {party === "guide" && !mine.has(party) && <span className="shell-dim">{t("check.guideThere")}</span>}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      <Refusal error={confirm.error} />
      {asking !== undefined && (
        <PinDialog shown={shown} sheet={sheet} party={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}

interface PinFields {
  readonly login: string;
  readonly pin: string;
}

function PinDialog({
  shown,
  sheet,
  party,
  onClose,
}: Omit<PartiesProps, "mine"> & { readonly party: CheckParty; onClose(): void }) {
  const { t } = useTranslation("clinical");
  const { t: shellWord } = useTranslation();
  const { word } = useWords();
  const showSheets = useShowSheets(shown.id);
  const confirm = useMutation({
    mutationFn: (who: PinFields) => checklistsApi.confirm(shown.id, sheet.sheet, party, who),
    onSuccess: (sheets) => {
      showSheets(sheets);
      onClose();
    },
  });
  const missing = [{ required: true, message: shellWord("form.missing") }];
  return (
    <FormDialog<PinFields>
      title={t("check.pinTitle", { party: word("party", party) })}
      okText={t("check.confirm")}
      busy={confirm.isPending}
      error={confirm.error}
      onSubmit={confirm.mutate}
      onClose={onClose}
    >
      <Form.Item name="login" label={shellWord("login.name")} rules={missing}>
        <Input size="large" autoComplete="off" autoFocus />
      </Form.Item>
      <Form.Item name="pin" label={t("check.pin")} rules={missing} extra={t("check.pinWhere")}>
        <Input.Password size="large" inputMode="numeric" autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}
