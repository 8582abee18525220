import { ExpertsPanel, SessionProvider, TalkBand, useRuntime, useTalk } from "@tongtai/react";
import { Button } from "antd";
import { Mic } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import "../expert/expert.css";

/** The private room of the experts: the panel talks here, and no hospital hears it. */
export function ExpertVoices() {
  return (
    <SessionProvider>
      <Voices />
    </SessionProvider>
  );
}

function Voices() {
  const { t } = useTranslation("clinical");
  const { rooms } = useRuntime();
  const talk = useTalk([]);
  const { choose } = talk;
  useEffect(() => {
    choose("experts");
    return () => void rooms.close();
  }, [choose, rooms]);
  const ready = talk.microphone === "ready";
  return (
    <div className="meeting-voices">
      <TalkBand talk={talk} nameOf={() => ""} />
      <Button
        type={talk.speaking ? "primary" : "default"}
        icon={<Mic size={16} />}
        aria-pressed={talk.talk.latched}
        data-testid="meeting-talk"
        onClick={() => (ready ? talk.toggleLatch() : talk.askForMicrophone())}
      >
        {t(!ready ? "meeting.microphone" : talk.talk.latched ? "meeting.mute" : "meeting.speak")}
      </Button>
      <ExpertsPanel />
    </div>
  );
}
