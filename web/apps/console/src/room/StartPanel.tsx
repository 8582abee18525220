import { DeviceSetup, type Publisher, useRuntime } from "@tongtai/react";
import type { Phase } from "@tongtai/session-core";
import { StateMark } from "@tongtai/ui";
import { Check, Gauge, Play, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { EndSession } from "./EndSession";
import { type LinkTest, testLink, verdictOf } from "./linkTest";

interface StartPanelProps {
  readonly publisher: Publisher;
  readonly connected: boolean;
  /** From the table over the server back to this screen, ms; null while no picture of the gateway is shown. */
  readonly pictureDelay_ms: number | null;
  readonly phase: Phase;
  /** Whether this person may start and end the session. */
  readonly mayLead: boolean;
  readonly onOpen: () => void;
  readonly onEnd: () => void;
  /** Puts the panel away. */
  readonly onDone: () => void;
}

type Test = { readonly state: "idle" | "running" | "failed" } | { readonly state: "done"; readonly result: LinkTest };

function TestResult({
  result,
  pictureDelay_ms,
}: {
  readonly result: LinkTest;
  readonly pictureDelay_ms: number | null;
}) {
  const { t } = useTranslation("room");
  const { rtt_ms, worst_ms, clock_offset_ms } = result;
  const clockWrong = Math.abs(clock_offset_ms) > 60_000;
  return (
    <ul className="room-test" data-testid="link-test-result">
      <li>
        <StateMark level={verdictOf(worst_ms)}>
          {t("test.server", { rtt: Math.round(rtt_ms), worst: Math.round(worst_ms) })}
        </StateMark>
      </li>
      <li>
        {pictureDelay_ms === null ? (
          <StateMark level="off">{t("test.no_picture")}</StateMark>
        ) : (
          <StateMark level={verdictOf(pictureDelay_ms)}>
            {t("test.picture", { delay: Math.round(pictureDelay_ms) })}
          </StateMark>
        )}
      </li>
      <li>
        <StateMark level={clockWrong ? "warn" : "good"}>
          {t(clockWrong ? "test.clock_wrong" : "test.clock", { seconds: (clock_offset_ms / 1000).toFixed(1) })}
        </StateMark>
      </li>
    </ul>
  );
}

/** The way to the experts, measured when somebody asks. */
function DelayTest({ connected, pictureDelay_ms }: Pick<StartPanelProps, "connected" | "pictureDelay_ms">) {
  const { t } = useTranslation("room");
  const { store } = useRuntime();
  const [test, setTest] = useState<Test>({ state: "idle" });
  const run = async (): Promise<void> => {
    setTest({ state: "running" });
    try {
      setTest({ state: "done", result: await testLink(store.ports.http) });
    } catch {
      setTest({ state: "failed" });
    }
  };
  return (
    <>
      <p>
        <StateMark level={connected ? "good" : "warn"}>{t(connected ? "test.media" : "test.no_media")}</StateMark>
      </p>
      <button
        type="button"
        className="room-button"
        data-testid="link-test"
        disabled={test.state === "running"}
        onClick={() => void run()}
      >
        <Gauge size={22} aria-hidden="true" /> {t(test.state === "running" ? "test.running" : "test.run")}
      </button>
      {test.state === "done" ? <TestResult result={test.result} pictureDelay_ms={pictureDelay_ms} /> : null}
      {test.state === "failed" ? (
        <p role="alert" className="room-alert">
          {t("test.failed")}
        </p>
      ) : null}
    </>
  );
}

/** Before the start, and whenever asked for: what this machine sends, and whether the way is good enough. */
export function StartPanel(props: StartPanelProps) {
  const { publisher, phase, mayLead, onOpen, onEnd, onDone } = props;
  const { t } = useTranslation("room");
  const closed = phase === "closed";
  return (
    <section className="room-card room-start" aria-label={t("start.title")} data-testid="start-panel">
      <h2>{t(closed ? "start.closed" : phase === "open" ? "devices.title" : "start.title")}</h2>
      {phase === "open" ? (
        <button type="button" className="room-button" data-tone="primary" data-testid="start-done" onClick={onDone}>
          <Check size={22} aria-hidden="true" /> {t("devices.close")}
        </button>
      ) : (
        <button
          type="button"
          className="room-button"
          data-tone="primary"
          data-testid="session-open"
          disabled={!mayLead}
          onClick={onOpen}
        >
          {closed ? <RotateCcw size={22} aria-hidden="true" /> : <Play size={22} aria-hidden="true" />}
          {t(closed ? "start.reopen" : "start.open")}
        </button>
      )}
      {mayLead || phase === "open" ? null : <p className="room-dim">{t("start.not_you")}</p>}
      <DelayTest {...props} />
      <DeviceSetup publisher={publisher} />
      {phase === "open" ? <EndSession enabled={mayLead} onEnd={onEnd} /> : null}
    </section>
  );
}
