import { formatDelay, useNames } from "@tongtai/react";
import type { CaseFacts, LivePerson } from "@tongtai/session-core";
import { StateMark, ToolButton } from "@tongtai/ui";
import { ArrowLeft, ClipboardCheck, Mic, Settings } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";

import { PreferenceButtons } from "../shell/PreferenceButtons";
import type { LinkWords } from "./link";
import { RoomHelp } from "./RoomHelp";
import { useNow } from "./useNow";

interface RoomBarProps {
  readonly facts: CaseFacts;
  readonly link: LinkWords;
  readonly experts: readonly LivePerson[];
  readonly serverNow: () => number;
  readonly onSetup: () => void;
}

function Listeners({ experts }: { readonly experts: readonly LivePerson[] }) {
  const { t } = useTranslation("room");
  const { nameOf } = useNames();
  const named = (person: LivePerson): string => nameOf({ name: person.name, name_en: person.nameEn });
  const people = [...new Map(experts.map((person) => [person.userId ?? person.identity, person])).values()];
  const speaking = people.filter((person) => person.speaking);
  const separator = t("separator");
  if (people.length === 0) return null;
  return (
    <span data-testid="room-listeners" className="room-listeners">
      {speaking.length > 0 ? (
        <strong className="room-speaking">
          <Mic size={20} aria-hidden="true" /> {t("people.speaking", { names: speaking.map(named).join(separator) })}
        </strong>
      ) : null}
      <span>{t("people.listening", { names: people.map(named).join(separator) })}</span>
    </span>
  );
}

/** Where am I, can the experts see and hear me, what time is it: always at the same place. */
export function RoomBar({ facts, link, experts, serverNow, onSetup }: RoomBarProps) {
  const { t } = useTranslation("room");
  const { roomOf } = useNames();
  const now = new Date(useNow(serverNow));
  return (
    <header className="room-bar">
      <Link to={`/cases/${facts.id}`} className="room-bar__back" aria-label={t("bar.back")}>
        <ArrowLeft size={22} />
      </Link>
      <strong className="room-bar__place">{roomOf(facts)}</strong>
      <span className="room-bar__case">
        {t("bar.case", { number: facts.number })} · {facts.lesion} · {t(`technique.${facts.technique}`)}
      </span>
      <span className="room-bar__end">
        <span data-testid="room-link" data-code={link.code}>
          <StateMark level={link.level}>
            {t(`link.${link.code}`)}
            {link.delay_ms === null ? "" : ` · ${formatDelay(link.delay_ms)}`}
          </StateMark>
        </span>
        <Listeners experts={experts} />
        <time className="room-bar__time">{now.toLocaleTimeString("zh-CN", { hour12: false })}</time>
        <Link to={`/cases/${facts.id}/checklists`} className="room-bar__checks" data-testid="to-checklists">
          <ClipboardCheck size={22} aria-hidden="true" /> {t("bar.checklists")}
        </Link>
        <ToolButton
          icon={<Settings size={20} />}
          label={t("devices.title")}
          iconOnly
          data-testid="devices"
          onClick={onSetup}
        />
        <PreferenceButtons />
        <RoomHelp />
      </span>
    </header>
  );
}
