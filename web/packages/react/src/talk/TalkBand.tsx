import { KeyHint } from "@tongtai/ui";
import { Mic, MicOff } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { TalkHandle } from "./useTalk";

interface TalkBandProps {
  readonly talk: TalkHandle;
  /** The name of a room by its case. */
  readonly nameOf: (caseId: string) => string;
}

/** Who hears the expert, always at the same place and readable from three metres. */
export function TalkBand({ talk, nameOf }: TalkBandProps) {
  const { t } = useTranslation("expert");
  const heard = !talk.speaking || talk.unheard.length === 0;
  return (
    <div className="talk-band" data-speaking={talk.speaking} data-heard={heard} data-testid="talk-band" role="status">
      {talk.speaking && heard ? <Mic size={20} aria-hidden="true" /> : <MicOff size={20} aria-hidden="true" />}
      <BandText talk={talk} nameOf={nameOf} />
      {talk.microphone === "ready" && !talk.speaking && <KeyHint>{t("key.space")}</KeyHint>}
    </div>
  );
}

function BandText({ talk, nameOf }: TalkBandProps) {
  const { t } = useTranslation("expert");
  const { route, speaking, unheard, microphone } = talk;
  if (microphone === "denied") return <span>{t("talk.denied")}</span>;
  if (speaking && unheard.length > 0) {
    const names = unheard.map((one) => (one === "experts" ? t("talk.target.experts") : nameOf(one)));
    return (
      <span>
        {t("talk.unheard.before")}
        <strong>{names.join(t("listSeparator"))}</strong>
        {t("talk.unheard.after")}
      </span>
    );
  }
  const state = speaking ? "now" : "ready";
  if (route.experts) return <span>{t(`talk.${state}.experts`)}</span>;
  if (route.cases.length === 0) return <span>{t("talk.nobody")}</span>;
  if (talk.talk.target === "all") return <span>{t(`talk.${state}.all`, { count: route.cases.length })}</span>;
  const rooms = route.cases.map(nameOf).join(t("listSeparator"));
  return (
    <span>
      {t(`talk.${state}.before`)}
      <strong>{rooms}</strong>
      {t(`talk.${state}.after`)}
    </span>
  );
}
