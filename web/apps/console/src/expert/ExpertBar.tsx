import type { StreamStatus } from "@tongtai/session-core";
import { TalkBand, type TalkHandle } from "@tongtai/react";
import { StateMark, ToolButton } from "@tongtai/ui";
import { CircleHelp } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { NetworkState } from "../shell/NetworkState";
import { usePersonName } from "../shell/preferences";
import { PreferenceButtons } from "../shell/PreferenceButtons";
import { useMe } from "../shell/session";

interface ExpertBarProps {
  readonly talk: TalkHandle;
  readonly roomName: (caseId: string) => string;
  readonly stream: StreamStatus;
  readonly onHelp: () => void;
  readonly children: ReactNode;
}

/** Where am I, who hears me, who am I, how is the network. */
export function ExpertBar({ talk, roomName, stream, onHelp, children }: ExpertBarProps) {
  const { t } = useTranslation("expert");
  const me = useMe();
  const personName = usePersonName();
  return (
    <header className="desk-bar">
      <div className="desk-bar__start">
        <Link to="/cases" className="desk-bar__brand" title={t("bar.cases")}>
          同台
        </Link>
        {children}
      </div>
      <TalkBand talk={talk} nameOf={roomName} />
      <div className="desk-bar__end">
        <Clock />
        {stream !== "live" && <StateMark level="warn">{t(`stream.${stream}`)}</StateMark>}
        <NetworkState />
        <Link to="/account" className="desk-bar__person">
          {personName(me.user)}
        </Link>
        <PreferenceButtons />
        <ToolButton icon={<CircleHelp size={18} />} label={t("help")} iconOnly keyHint="?" onClick={onHelp} />
      </div>
    </header>
  );
}

function Clock() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setInterval(() => {
      setNow(new Date());
    }, 1_000);
    return () => {
      window.clearInterval(timer);
    };
  }, []);
  return <time className="desk-bar__clock">{now.toLocaleTimeString("en-GB", { hour12: false })}</time>;
}
