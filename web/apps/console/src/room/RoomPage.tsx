import { SessionProvider } from "@tongtai/react";
import { useParams } from "react-router-dom";

import "./room.css";
import { RoomSession } from "./RoomDesk";

/** The page of the operating room, on a tablet at the table or on the wall. */
export default function RoomPage() {
  const { caseId = "" } = useParams();
  return (
    <SessionProvider key={caseId}>
      <RoomSession caseId={caseId} />
    </SessionProvider>
  );
}
