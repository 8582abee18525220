import type { Case, CaseWay as Workflow, StatementKind, WayOn } from "@tongtai/api-client";
import { ErrorState, Panel, StateMark } from "@tongtai/ui";
import { Button, Dropdown } from "antd";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../shell/errors";
import { formatDateTime } from "../shell/preferences";
import { BeginForm } from "./BeginForm";
import { dueOf } from "./due";
import { LackList } from "./LackList";
import { MoveDialog } from "./MoveDialog";
import { useWay } from "./queries";
import { StatementDialog } from "./StatementDialog";
import { StationLine } from "./StationLine";
import { isExit, isHalted } from "./stations";
import { useWords } from "./words";

import "./workflow.css";

/** Where the case stands, since when, by when something is due, and what was asked for when it was sent back. */
function Now({ workflow }: { readonly workflow: Workflow }) {
  const { t } = useTranslation("way");
  const { named, word: value } = useWords();
  const due = dueOf(workflow.due_at, new Date());
  return (
    <div className="way-now" data-testid="way-now" data-state={workflow.state}>
      <StateMark level={isHalted(workflow.state) ? "warn" : "info"}>
        <strong>{named("states", workflow.state)}</strong>
      </StateMark>
      <span className="shell-dim">{t("since", { at: formatDateTime(workflow.entered_at) })}</span>
      {workflow.urgent && <StateMark level="bad">{t("urgent")}</StateMark>}
      {due !== null && (
        <StateMark level={due.level}>
          {t(`due.${due.word}`, {
            what: named("timers", workflow.timer),
            count: due.count,
            unit: t(`unit.${due.unit}`),
          })}
        </StateMark>
      )}
      <span className="shell-dim">{t("consentIs", { state: t(`consentState.${workflow.consent}`) })}</span>
      {workflow.legal !== "normal" && <StateMark level="bad">{t(`legal.${workflow.legal}`)}</StateMark>}
      <span className="shell-dim">
        {t("service", {
          type: value("service", workflow.service_type),
          liable: workflow.liable.map((party) => value("party_role", party)).join("、"),
        })}
      </span>
    </div>
  );
}

/** One step that leads on: a button when the person may do it, who does it otherwise, and what it still lacks. */
function Step(props: {
  shown: Case;
  way: WayOn;
  primary: boolean;
  onMove(way: WayOn): void;
  onState(k: StatementKind): void;
  mayState: readonly StatementKind[];
}) {
  const { shown, way, primary, onMove, onState, mayState } = props;
  const { t } = useTranslation("way");
  const { t: word } = useTranslation();
  const { named } = useWords();
  const ready = way.lacks.length === 0;
  return (
    <li className="way-step" data-testid={`way-${way.act}`} data-ready={ready}>
      <div className="way-step__head">
        {way.allowed ? (
          <Button
            type={primary ? "primary" : "default"}
            disabled={!ready}
            data-testid={`move-${way.act}`}
            onClick={() => {
              onMove(way);
            }}
          >
            {named("acts", way.act)}
          </Button>
        ) : (
          <span className="way-step__act">{named("acts", way.act)}</span>
        )}
        <span className="shell-dim">
          {t("leadsTo", { state: named("states", way.target) })}
          {!way.allowed && ` · ${t("doneBy", { roles: way.roles.map((role) => word(`role.${role}`)).join("、") })}`}
        </span>
        {ready && <StateMark level="good">{t("nothingLacks")}</StateMark>}
        {!ready && <StateMark level="warn">{t("lacks", { count: way.lacks.length })}</StateMark>}
      </div>
      {!ready && <LackList shown={shown} lacks={way.lacks} mayState={mayState} onState={onState} />}
    </li>
  );
}

function Steps({ shown, workflow }: { readonly shown: Case; readonly workflow: Workflow }) {
  const { t } = useTranslation("way");
  const { named } = useWords();
  const [moving, setMoving] = useState<WayOn | null>(null);
  const [stating, setStating] = useState<StatementKind | null>(null);
  const onward = workflow.ways.filter(({ act }) => !isExit(act));
  const exits = workflow.ways.filter(({ act, allowed }) => isExit(act) && allowed);
  // What this person can do comes first, then what is complete.
  const rank = (way: WayOn) => (way.allowed ? 0 : 2) + (way.lacks.length === 0 ? 0 : 1);
  const sorted = onward.toSorted((a, b) => rank(a) - rank(b));
  const askable = workflow.may_state.filter((kind) => ALWAYS_ASKABLE.has(kind));
  return (
    <>
      {sorted.length === 0 ? (
        <p className="shell-dim way-none">{t("noWay")}</p>
      ) : (
        <ul className="way-steps">
          {sorted.map((way, place) => (
            <Step
              key={`${way.act}-${way.target}`}
              shown={shown}
              way={way}
              primary={place === 0}
              onMove={setMoving}
              mayState={workflow.may_state}
              onState={setStating}
            />
          ))}
        </ul>
      )}
      <div className="way-more tt-no-print">
        {askable.length > 0 && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: askable.map((kind) => ({ key: kind, label: named("statements", kind) })),
              onClick: ({ key }) => {
                setStating(key as StatementKind);
              },
            }}
          >
            <Button data-testid="way-state">{t("state")}</Button>
          </Dropdown>
        )}
        {exits.length > 0 && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: exits.map(({ act }) => ({ key: act, label: named("acts", act) })),
              onClick: ({ key }) => {
                setMoving(exits.find(({ act }) => act === key) ?? null);
              },
            }}
          >
            <Button icon={<Ellipsis size={16} aria-hidden="true" />} data-testid="way-exits">
              {t("otherWays")}
            </Button>
          </Dropdown>
        )}
      </div>
      {moving !== null && (
        <MoveDialog
          shown={shown}
          workflow={workflow}
          way={moving}
          onClose={() => {
            setMoving(null);
          }}
        />
      )}
      {stating !== null && (
        <StatementDialog
          shown={shown}
          kind={stating}
          onClose={() => {
            setStating(null);
          }}
        />
      )}
    </>
  );
}

/** Statements that answer no lack of a step, and are made when they become true. */
const ALWAYS_ASKABLE: ReadonlySet<StatementKind> = new Set(["present", "left", "local_only", "broadcast_approved"]);

/** The way of a case: the line of stations, where it stands, what is next and what that lacks. */
export function CaseWay({ shown }: { readonly shown: Case }) {
  const { t } = useTranslation("way");
  const { t: word } = useTranslation();
  const errorText = useErrorText();
  const { data, error, isPending } = useWay(shown.id);
  if (isPending) return null;
  if (error !== null) {
    return (
      <Panel title={t("title")}>
        <ErrorState title={word("error.title")} text={errorText(error)} />
      </Panel>
    );
  }
  if (data === null) return <BeginForm shown={shown} />;
  const gaps = data.state === "returned" ? gapsOf(data) : [];
  return (
    <section className="tt-panel way" aria-label={t("title")} data-testid="case-way">
      <StationLine workflow={data} />
      <Now workflow={data} />
      {gaps.length > 0 && (
        <div className="way-gaps">
          <p>{t("gapsAsked", { count: gaps.length })}</p>
          <LackList shown={shown} lacks={gaps} />
        </div>
      )}
      <Steps shown={shown} workflow={data} />
    </section>
  );
}

/** The list with which the material was last sent back. */
function gapsOf({ moves }: Workflow): WayOn["lacks"] {
  const sent = moves.findLast(({ act }) => act === "return")?.values.gaps;
  return Array.isArray(sent) ? (sent as WayOn["lacks"]) : [];
}
