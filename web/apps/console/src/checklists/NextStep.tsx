import { useMutation } from "@tanstack/react-query";
import { type Act, type Case, type CheckSheet, type StatementKind, workflowApi } from "@tongtai/api-client";
import { StateMark } from "@tongtai/ui";
import { ArrowRight, UserCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Lacks, Refusal } from "../workflow/Lacks";
import { useRefreshCase, useWay } from "../workflow/queries";
import { useCaseNaming, useWords } from "../workflow/words";
import { ACT_OF } from "./sheets";

/** After the time-out the operation begins: somebody says that a physician is there, the operator begins. */
const AFTER_TIME_OUT: readonly Act[] = ["begin_procedure"];

/** What the case may do once the sheet is complete, and what it still lacks, in words. */
export function NextStep({ shown, sheet }: { readonly shown: Case; readonly sheet: CheckSheet }) {
  const { t } = useTranslation("clinical");
  const { named } = useWords();
  const naming = useCaseNaming(shown);
  const refresh = useRefreshCase(shown.id);
  const way = useWay(shown.id);
  const move = useMutation({
    mutationFn: ({ act, version }: { act: Act; version: number }) => workflowApi.move(shown.id, { act, version }),
    onSuccess: refresh,
  });
  const state = useMutation({
    mutationFn: (kind: StatementKind) => workflowApi.state(shown.id, { kind }),
    onSuccess: refresh,
  });
  if (!way.data) return <p className="shell-dim">{way.data === null ? t("noWay") : ""}</p>;
  const acts = sheet.sheet === "time_out" ? [ACT_OF.time_out, ...AFTER_TIME_OUT] : [ACT_OF[sheet.sheet]];
  const next = way.data.ways.find(({ act }) => acts.includes(act));
  const absent = next?.lacks.some(({ code }) => code === "physician_absent");
  return (
    <div className="page-stack">
      <p style={{ margin: 0 }}>
        <StateMark level="info">{t("check.caseStands", { state: named("states", way.data.state) })}</StateMark>
      </p>
      {next && (
        <>
          <Lacks lacks={next.lacks} naming={naming} />
          {absent && (
            <button
              type="button"
              className="check-button"
              data-testid="present"
              disabled={state.isPending}
              onClick={() => state.mutate("present")}
            >
              <UserCheck size={22} aria-hidden="true" /> {t("check.present")}
            </button>
          )}
          <button
            type="button"
            className="check-button"
            data-tone="primary"
            data-testid={`act-${next.act}`}
            disabled={!next.allowed || next.lacks.length > 0 || move.isPending}
            onClick={() => move.mutate({ act: next.act, version: way.data?.version ?? 1 })}
          >
            <ArrowRight size={22} aria-hidden="true" /> {named("acts", next.act)}
          </button>
          {!next.allowed && <p className="shell-dim">{t("check.notYours")}</p>}
        </>
      )}
      <Refusal error={move.error ?? state.error} naming={naming} />
    </div>
  );
}
