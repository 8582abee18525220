import type { SeedPlanDocument } from "@tongtai/api-client";
import { type PointLpsMm, pointLpsMm } from "@tongtai/geometry";
import { Panel, StateMark, ToolButton } from "@tongtai/ui";
import { Alert, Button, Select } from "antd";
import { Minus, Plus, Redo2, Undo2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "../../shell/errors";
import { useNameOf } from "../names";
import { gray, percent } from "../numbers";
import { vectorOf } from "../scene";
import {
  addedBeside,
  addedNeedle,
  centreOf,
  type Change,
  freeHoles,
  movedBy,
  movedTo,
  neighbour,
  removed,
  type SeedAt,
  tipBeyond,
} from "./arrangement";
import type { SeedEdit } from "./useSeedEdit";

interface SeedEditorProps {
  readonly plan: SeedPlanDocument;
  readonly edit: SeedEdit;
  /** The planes go where the changed seed lies. */
  readonly onPoint: (at: PointLpsMm) => void;
  readonly onNeedle: (id: string) => void;
  readonly onSaved: () => void;
}

const STEPS_MM = [-5, -1, 1, 5] as const;
const nameOfNeedle = (hole: string, index: number): string => `N${index + 1}${hole === "" ? "" : ` · ${hole}`}`;

/** Every change that a person can make, as buttons and keys ask for it. */
function useActs({ plan, edit, onPoint, onNeedle }: Omit<SeedEditorProps, "onSaved">) {
  const { needles, chosen } = edit.state.present;
  const beyond_mm = tipBeyond(plan);
  const show = (seed: SeedAt | null, among = needles): void => {
    const needle = seed ? among[seed.needle] : undefined;
    if (!seed || !needle) return;
    onPoint(pointLpsMm(...centreOf(needle, seed.depth_mm)));
    onNeedle(`N${seed.needle + 1}`);
  };
  const change = (to: Change | null): void => {
    edit.change(to);
    if (to) show(to.chosen, to.needles);
  };
  const choose = (seed: SeedAt | null): void => {
    edit.choose(seed);
    show(seed);
  };
  return {
    choose,
    move: (by_mm: number) => change(chosen && movedBy(needles, chosen, by_mm, beyond_mm)),
    remove: () => change(chosen && removed(needles, chosen, beyond_mm)),
    add: () => change(chosen && addedBeside(needles, chosen, beyond_mm)),
    moveTo: (to: number) => change(chosen && movedTo(needles, chosen, to, beyond_mm)),
    addNeedle: (name: string) => {
      const hole = freeHoles(plan.template, needles).find((one) => one.name === name);
      if (!hole || !plan.template) return;
      change(addedNeedle(needles, plan.template, hole, vectorOf(plan.target.centre_lps_mm), beyond_mm));
    },
    next: (steps: number) => choose(neighbour(needles, chosen, steps)),
  };
}

type Acts = ReturnType<typeof useActs>;

function useKeys(acts: Acts, edit: SeedEdit) {
  const plain: Readonly<Record<string, (far: boolean) => void>> = {
    ArrowUp: (far) => acts.move(far ? -5 : -1),
    ArrowDown: (far) => acts.move(far ? 5 : 1),
    ArrowLeft: () => acts.next(-1),
    ArrowRight: () => acts.next(1),
    Delete: acts.remove,
    Backspace: acts.remove,
    Insert: acts.add,
    "+": acts.add,
  };
  return (event: KeyboardEvent<HTMLElement>): void => {
    // A list that is open has keys of its own.
    if (event.altKey || (event.target as HTMLElement).closest(".ant-select")) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const doing = command
      ? { z: event.shiftKey ? edit.redo : edit.undo, y: edit.redo }[key]
      : plain[event.key]?.bind(null, event.shiftKey);
    if (!doing) return;
    event.preventDefault();
    doing();
  };
}

/** What the change does to the target, beside the plan. */
function Result({ plan, edit }: Pick<SeedEditorProps, "plan" | "edit">) {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const nameOf = useNameOf(plan);
  const { looked, waiting, error } = edit;
  if (error) return <Alert type="error" showIcon title={errorText(error)} data-testid="seed-edit-error" />;
  if (!looked || !plan.doses) return <p className="shell-dim">{t("loading")}</p>;
  const { needles, seeds, goals, doses, computed_ms } = looked.told;
  const [was, is] = [plan.doses.target, doses.target];
  const missed = goals.filter(({ met }) => met === false).length;
  const rules = [
    ...needles.map(({ id, broken_rules }) => ({ who: id, broken_rules })),
    ...seeds.map(({ number, broken_rules }) => ({ who: t("seeds.edit.seed", { number }), broken_rules })),
  ];
  return (
    <div aria-live="polite" aria-busy={waiting}>
      <p data-testid="seed-edit-result" data-d90={is.d90_gy.toFixed(2)} data-missed={missed} data-waiting={waiting}>
        <StateMark level={missed > 0 ? "bad" : "good"}>
          {missed > 0 ? t("seeds.missed", { count: missed }) : t("seeds.allMet")}
        </StateMark>{" "}
        {t("seeds.counted", { needles: needles.length, seeds: seeds.length })}
      </p>
      <p className="seed-edit__numbers">
        D90 {gray(was.d90_gy)} → <strong>{gray(is.d90_gy)}</strong> · V100 {percent(was.v100)} →{" "}
        <strong>{percent(is.v100)}</strong> · V150 {percent(was.v150)} → <strong>{percent(is.v150)}</strong>
      </p>
      <ul className="seed-edit__rules" data-testid="seed-edit-rules">
        {rules.flatMap(({ who, broken_rules }) =>
          broken_rules.map(({ constraint, value, allowed }) => (
            <li key={who + constraint}>
              <StateMark level="bad">
                {who}: {t(`seeds.edit.rule.${constraint}`, { defaultValue: nameOf(constraint) })} {value.toFixed(1)} mm
                ({t("seeds.edit.allowed", { mm: allowed.toFixed(1) })})
              </StateMark>
            </li>
          )),
        )}
        {needles
          .filter(({ measured }) => !measured)
          .map(({ id }) => (
            <li key={id}>
              <StateMark level="warn">{t("seeds.edit.unmeasured", { needle: id })}</StateMark>
            </li>
          ))}
      </ul>
      <p className="shell-dim" data-testid="seed-edit-ms" data-ms={computed_ms.toFixed(1)}>
        {t("seeds.edit.computed", { ms: computed_ms.toFixed(0) })}
      </p>
    </div>
  );
}

function NeedleRows({ edit, acts }: { readonly edit: SeedEdit; readonly acts: Acts }) {
  const { t } = useTranslation("plan");
  const { needles, chosen } = edit.state.present;
  return (
    <ul className="seed-edit__needles">
      {needles.map(({ hole, seed_depths_mm }, index) => (
        <li key={`${index} ${hole}`}>
          <span>{nameOfNeedle(hole, index)}</span>
          {seed_depths_mm.map((depth_mm) => (
            <ToolButton
              key={depth_mm}
              label={depth_mm.toFixed(1)}
              aria-label={t("seeds.edit.seedAt", { needle: `N${index + 1}`, mm: depth_mm.toFixed(1) })}
              pressed={chosen?.needle === index && chosen.depth_mm === depth_mm}
              data-testid={`seed-${index + 1}-${depth_mm.toFixed(1)}`}
              onClick={() => acts.choose({ needle: index, depth_mm })}
            />
          ))}
        </li>
      ))}
    </ul>
  );
}

function Tools({ plan, edit, acts }: Pick<SeedEditorProps, "plan" | "edit"> & { readonly acts: Acts }) {
  const { t } = useTranslation("plan");
  const { needles, chosen } = edit.state.present;
  const off = chosen === null;
  const holes = freeHoles(plan.template, needles);
  return (
    <div className="seed-edit__tools" role="toolbar" aria-label={t("seeds.edit.tools")}>
      {STEPS_MM.map((mm) => (
        <ToolButton
          key={mm}
          label={t(mm < 0 ? "seeds.edit.shallower" : "seeds.edit.deeper", { mm: Math.abs(mm) })}
          keyHint={`${Math.abs(mm) === 5 ? "⇧" : ""}${mm < 0 ? "↑" : "↓"}`}
          disabled={off}
          data-testid={`seed-move${mm}`}
          onClick={() => acts.move(mm)}
        />
      ))}
      <ToolButton
        icon={<Plus size={16} aria-hidden />}
        label={t("seeds.edit.add")}
        keyHint="+"
        disabled={off}
        data-testid="seed-add"
        onClick={acts.add}
      />
      <ToolButton
        icon={<Minus size={16} aria-hidden />}
        label={t("seeds.edit.remove")}
        keyHint="Del"
        disabled={off}
        data-testid="seed-remove"
        onClick={acts.remove}
      />
      <Select<number>
        aria-label={t("seeds.edit.moveTo")}
        data-testid="seed-move-to"
        placeholder={t("seeds.edit.moveTo")}
        value={null}
        disabled={off || needles.length < 2}
        popupMatchSelectWidth={false}
        onChange={acts.moveTo}
        options={needles.flatMap(({ hole }, index) =>
          index === chosen?.needle ? [] : [{ value: index, label: nameOfNeedle(hole, index) }],
        )}
      />
      {plan.template && (
        <Select<string>
          aria-label={t("seeds.edit.newNeedle")}
          data-testid="seed-new-needle"
          placeholder={t(holes.length > 0 ? "seeds.edit.newNeedle" : "seeds.edit.noHole")}
          value={null}
          disabled={holes.length === 0}
          popupMatchSelectWidth={false}
          onChange={acts.addNeedle}
          options={holes.map(({ name }) => ({ value: name, label: name }))}
        />
      )}
    </div>
  );
}

/** Move, add and remove single seeds; doses and goals follow at once, and every step can be taken back. */
export function SeedEditor({ plan, edit, onPoint, onNeedle, onSaved }: SeedEditorProps) {
  const { t } = useTranslation("plan");
  const errorText = useErrorText();
  const acts = useActs({ plan, edit, onPoint, onNeedle });
  const onKeyDown = useKeys(acts, edit);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { past, present, future } = edit.state;
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A seed that moves or goes takes the focus of its button with it: whoever uses keys keeps the chosen seed.
    if (document.activeElement !== document.body) return;
    const chosen = frame.current?.querySelector<HTMLElement>('.seed-edit__needles [aria-pressed="true"]');
    (chosen ?? frame.current)?.focus();
  }, [present]);
  const save = async (): Promise<void> => {
    setSaving(true);
    setProblem(null);
    try {
      await edit.save();
      onSaved();
    } catch (error) {
      setProblem(errorText(error));
      setSaving(false);
    }
  };
  return (
    <Panel title={t("seeds.edit.title")}>
      <div className="seed-edit" data-testid="seed-editor" ref={frame} tabIndex={-1} onKeyDown={onKeyDown}>
        <p className="shell-dim">{t("seeds.edit.hint")}</p>
        <div className="seed-edit__tools">
          <ToolButton
            icon={<Undo2 size={16} aria-hidden />}
            label={t("seeds.edit.undo")}
            keyHint="Ctrl Z"
            disabled={past.length === 0}
            data-testid="seed-undo"
            onClick={edit.undo}
          />
          <ToolButton
            icon={<Redo2 size={16} aria-hidden />}
            label={t("seeds.edit.redo")}
            keyHint="Ctrl Y"
            disabled={future.length === 0}
            data-testid="seed-redo"
            onClick={edit.redo}
          />
        </div>
        <Result plan={plan} edit={edit} />
        <NeedleRows edit={edit} acts={acts} />
        <Tools plan={plan} edit={edit} acts={acts} />
        <div className="seed-edit__end">
          <Button
            type="primary"
            data-testid="seed-edit-save"
            loading={saving}
            disabled={past.length === 0 || edit.error !== null}
            onClick={() => void save()}
          >
            {t("seeds.edit.save")}
          </Button>
          <Button data-testid="seed-edit-close" onClick={edit.close}>
            {t("seeds.edit.close")}
          </Button>
          <span className="shell-dim">{t("seeds.edit.saveHint")}</span>
        </div>
        {problem !== null && <Alert type="error" showIcon title={problem} />}
      </div>
    </Panel>
  );
}
