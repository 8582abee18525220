import { useQuery } from "@tanstack/react-query";
import { request } from "@tongtai/api-client";
import { type Level, StateMark } from "@tongtai/ui";
import { useTranslation } from "react-i18next";

const EVERY_MS = 10_000;
const SLOW_MS = 300;

async function roundTripMs(): Promise<number> {
  const sent = performance.now();
  await request<{ t_ms: number }>("GET", "/time");
  return Math.round(performance.now() - sent);
}

/** Measured, not assumed: the round trip to our own server, every ten seconds. */
export function NetworkState() {
  const { t } = useTranslation();
  const { data, isError, isPending } = useQuery({
    queryKey: ["network"],
    queryFn: roundTripMs,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
    networkMode: "always",
    retry: false,
  });
  let level: Level = "good";
  if (isError) level = "bad";
  else if (isPending) level = "off";
  else if (data > SLOW_MS) level = "warn";
  return (
    <span role="status" aria-live="polite" className="shell-network">
      <StateMark level={level} title={t("network.explain")}>
        {t(`network.${level}`)}
        {data !== undefined && !isError && <span className="shell-dim"> {data} ms</span>}
      </StateMark>
    </span>
  );
}
