import { createBrowserRouter, Navigate, type RouteObject } from "react-router-dom";

import { AppShell } from "./shell/AppShell";
import { Home, RequireSession } from "./shell/RequireSession";
import { RouteProblem } from "./shell/RouteProblem";
import { Waiting } from "./shell/Waiting";

/** Each page is its own chunk: nobody waits for the CT viewer to log in. */
function page(load: () => Promise<{ default: React.ComponentType }>): Pick<RouteObject, "lazy"> {
  return { lazy: async () => ({ Component: (await load()).default }) };
}

const expertPage = page(() => import("./expert/ExpertPage"));

export const router = createBrowserRouter([
  {
    path: "/login",
    HydrateFallback: Waiting,
    errorElement: <RouteProblem />,
    ...page(() => import("./login/LoginPage")),
  },
  {
    element: (
      <RequireSession>
        <AppShell />
      </RequireSession>
    ),
    HydrateFallback: Waiting,
    errorElement: <RouteProblem />,
    children: [
      { index: true, element: <Home /> },
      { path: "/tasks", ...page(() => import("./desk/TasksPage")) },
      { path: "/queue", ...page(() => import("./desk/QueuePage")) },
      { path: "/calendar", ...page(() => import("./desk/CalendarPage")) },
      { path: "/cases", ...page(() => import("./cases/CasesPage")) },
      { path: "/cases/new", ...page(() => import("./cases/NewCasePage")) },
      { path: "/cases/:caseId", ...page(() => import("./cases/CasePage")) },
      { path: "/cases/:caseId/plans/:planId", ...page(() => import("./plans/PlanPage")) },
      { path: "/cases/:caseId/checklists", ...page(() => import("./checklists/ChecklistsPage")) },
      { path: "/cases/:caseId/checklists/:sheet", ...page(() => import("./checklists/ChecklistsPage")) },
      { path: "/cases/:caseId/replay", ...page(() => import("./replay/ReplayPage")) },
      { path: "/cases/:caseId/teaching", ...page(() => import("./replay/ApprovePage")) },
      { path: "/teaching", ...page(() => import("./replay/TeachingListPage")) },
      { path: "/teaching/:caseId", ...page(() => import("./replay/TeachingViewPage")) },
      { path: "/cases/:caseId/meetings", ...page(() => import("./meetings/MeetingPage")) },
      { path: "/cases/:caseId/meetings/:meetingId", ...page(() => import("./meetings/MeetingPage")) },
      { path: "/wall", ...expertPage },
      { path: "/wall/:caseId", ...expertPage },
      { path: "/room/:caseId", ...page(() => import("./room/RoomPage")) },
      { path: "/admin", element: <Navigate to="/admin/users" replace /> },
      { path: "/admin/:tab", ...page(() => import("./admin/AdminPage")) },
      { path: "/documents/check", ...page(() => import("./documents/CheckPage")) },
      { path: "/quality", ...page(() => import("./quality/QualityPage")) },
      { path: "/quality/:tab", ...page(() => import("./quality/QualityPage")) },
      { path: "/experts", ...page(() => import("./experts/ExpertsPage")) },
      { path: "/privacy", ...page(() => import("./privacy/PrivacyPage")) },
      { path: "/privacy/:tab", ...page(() => import("./privacy/PrivacyPage")) },
      { path: "/incidents/:incidentId", ...page(() => import("./incidents/IncidentPage")) },
      { path: "/audit", ...page(() => import("./audit/AuditPage")) },
      { path: "/account", ...page(() => import("./account/AccountPage")) },
      { path: "*", element: <RouteProblem /> },
    ],
  },
]);
