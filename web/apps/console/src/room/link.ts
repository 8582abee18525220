import type { ConnectionStatus, Media, StreamStatus } from "@tongtai/session-core";
import type { Level } from "@tongtai/ui";

export interface LinkFacts {
  readonly stream: StreamStatus;
  readonly media: ConnectionStatus;
  /** How the experts' pages say that our picture arrives. */
  readonly arrives: Pick<Media, "state" | "delay_ms">;
  readonly experts: number;
}

export interface LinkWords {
  readonly level: Level;
  /** Key under `link` of the room's words. */
  readonly code: "lost" | "connecting" | "denied" | "alone" | "not_arriving" | "degraded" | "live" | "present";
  readonly delay_ms: number | null;
}

/** The network in one sentence: can the experts see this room now? The worst true statement wins. */
export function linkWords({ stream, media, arrives, experts }: LinkFacts): LinkWords {
  const delay_ms = arrives.delay_ms;
  if (media === "denied" || stream === "revoked") return { level: "bad", code: "denied", delay_ms: null };
  if (media === "idle" || media === "connecting") return { level: "info", code: "connecting", delay_ms: null };
  if (media === "reconnecting" || stream === "waiting") return { level: "bad", code: "lost", delay_ms: null };
  if (experts === 0) return { level: "warn", code: "alone", delay_ms: null };
  if (arrives.state === "lost") return { level: "bad", code: "not_arriving", delay_ms: null };
  if (arrives.state === "degraded") return { level: "warn", code: "degraded", delay_ms };
  if (arrives.state === "live") return { level: "good", code: "live", delay_ms };
  return { level: "info", code: "present", delay_ms: null };
}
