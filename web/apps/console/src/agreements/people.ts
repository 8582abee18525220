import { useQuery } from "@tanstack/react-query";
import { usersApi } from "@tongtai/api-client";

import { useMe } from "../shell/session";

/** The people of one's own institution, for those who may list them. */
export function usePeople() {
  const me = useMe();
  const may = me.permissions.includes("user_manage") || me.permissions.includes("qualification_manage");
  const { data } = useQuery({ queryKey: ["users"], queryFn: usersApi.list, enabled: may });
  return data?.filter(({ active }) => active) ?? [];
}
