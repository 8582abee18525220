import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, authApi, type Me, onSignedOut, type Role, setCsrfToken } from "@tongtai/api-client";
import { useEffect } from "react";

import { clearDrafts } from "./drafts";

export const ME_KEY = ["me"] as const;

async function loadMe(): Promise<Me | null> {
  try {
    const me = await authApi.me();
    setCsrfToken(me.csrf_token);
    return me;
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_signed_in") return null;
    throw error;
  }
}

/** Nobody is signed in; what the last person could see must not be shown to the next one. */
function forget(queries: QueryClient): void {
  setCsrfToken(undefined);
  // First the answer that takes the pages away, then what they showed: a query that is still watched
  // would stay on the screen after it was removed.
  queries.setQueryData(ME_KEY, null);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME_KEY[0] });
}

/** Who is signed in: `undefined` while asking, `null` for nobody. */
export function useMeQuery() {
  const queries = useQueryClient();
  useEffect(
    () =>
      onSignedOut(() => {
        forget(queries);
      }),
    [queries],
  );
  return useQuery({ queryKey: ME_KEY, queryFn: loadMe, staleTime: 60_000 });
}

/** Who is signed in, on pages behind `RequireSession`. */
export function useMe(): Me {
  const { data } = useMeQuery();
  if (!data) throw new Error("nobody is signed in");
  return data;
}

export function useSignIn(): (me: Me) => void {
  const queries = useQueryClient();
  return (me) => {
    // What another person has left on this device is not for this one.
    clearDrafts({ except: me.user.id });
    setCsrfToken(me.csrf_token);
    queries.setQueryData(ME_KEY, me);
  };
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await authApi.logout();
    clearDrafts();
    forget(queries);
  };
}

/** Who guides live; a coordinator, a planner and a panel have their work on their desks. */
const AT_THE_WALL: ReadonlySet<Role> = new Set(["lead_guide", "backup_guide"]);

/** Where a person's work starts: guides at the wall, who knows cases at what waits for them, the others at their own. */
export function homeOf(me: Me): string {
  if (me.user.roles.some((role) => AT_THE_WALL.has(role))) return "/wall";
  if (me.permissions.includes("case_read")) return "/tasks";
  if (me.permissions.includes("teaching_view")) return "/teaching";
  if (me.permissions.includes("audit_read")) return "/audit";
  if (me.permissions.includes("user_manage")) return "/admin/users";
  if (me.permissions.includes("gateway_manage")) return "/admin/gateways";
  return "/cases";
}
