/** What a case's page is made of: its tabs, in their order. A new one is one line here and its title in `way.json`. */
import { lazy } from "react";

import { CaseOverview } from "./CaseOverview";
import type { CaseSection } from "./section";

/** Each tab is read when it is opened for the first time. */
const Archive = lazy(async () => ({ default: (await import("../archive/ArchiveSection")).ArchiveSection }));
const Checklists = lazy(async () => ({
  default: (await import("../checklists/ChecklistsSection")).ChecklistsSection,
}));
const Consents = lazy(async () => ({ default: (await import("../consents/ConsentsPanel")).ConsentsPanel }));
const Intake = lazy(() => import("../intake/IntakeSection"));
const Meetings = lazy(async () => ({ default: (await import("../meetings/MeetingsSection")).MeetingsSection }));
const Opinion = lazy(async () => ({ default: (await import("../opinions/OpinionPanel")).OpinionPanel }));
const FollowUp = lazy(async () => ({ default: (await import("../followup/FollowUpSection")).FollowUpSection }));
const Warnings = lazy(async () => ({ default: (await import("../warnings/WarningsPanel")).WarningsPanel }));

const Replay = lazy(async () => ({ default: (await import("../replay/TeachingSection")).TeachingSection }));

export const SECTIONS: readonly CaseSection[] = [
  { key: "overview", needs: [], Content: CaseOverview },
  { key: "intake", needs: ["case_read"], Content: Intake },
  { key: "consents", needs: ["case_read"], Content: Consents },
  { key: "meeting", needs: ["case_read"], Content: Meetings },
  { key: "opinion", needs: ["case_read"], Content: Opinion },
  { key: "checklists", needs: ["case_read"], Content: Checklists },
  { key: "warnings", needs: ["care_read"], Content: Warnings },
  { key: "followUp", needs: ["care_read"], Content: FollowUp },
  { key: "replay", needs: ["session_replay"], Content: Replay },
  { key: "archive", needs: ["case_read"], Content: Archive },
];
