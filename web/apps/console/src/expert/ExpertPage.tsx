import { SessionProvider, useRuntime } from "@tongtai/react";
import { useEffect } from "react";

import { ExpertDesk } from "./ExpertDesk";
import "./expert.css";
import { NoticesProvider } from "./notices";

/** The experts' page: the wall of all rooms, and one room in focus. Both keep the same connections. */
export default function ExpertPage() {
  return (
    <SessionProvider>
      <NoticesProvider>
        <ReportingDesk />
      </NoticesProvider>
    </SessionProvider>
  );
}

function ReportingDesk() {
  const { rooms } = useRuntime();
  useEffect(() => {
    rooms.reportMedia();
    void rooms.prepareMicrophone();
  }, [rooms]);
  return <ExpertDesk />;
}
