import type { LiveRoom } from "@tongtai/session-core";
import { useEffect } from "react";

/** From the light on the sensor to the encoder: one frame at 30 fps on average, which no counter shows. */
const CAPTURE_MS = 33;
const STATS_VALID_MS = 1_000;

interface OutboundStats {
  readonly type: string;
  readonly framesEncoded?: number;
  readonly totalEncodeTime?: number;
  readonly packetsSent?: number;
  readonly totalPacketSendDelay?: number;
}

async function captureToSend(live: LiveRoom): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const publication of live.room.localParticipant.videoTrackPublications.values()) {
    const report = await publication.track?.getRTCStatsReport();
    report?.forEach((entry: OutboundStats) => {
      if (entry.type !== "outbound-rtp" || !entry.framesEncoded) return;
      const encode_ms = ((entry.totalEncodeTime ?? 0) / entry.framesEncoded) * 1000;
      const pace_ms = ((entry.totalPacketSendDelay ?? 0) / Math.max(1, entry.packetsSent ?? 1)) * 1000;
      result[publication.trackName] = Math.round(CAPTURE_MS + encode_ms + pace_ms);
    });
  }
  return result;
}

/** Answers the experts' `ping` while this page publishes pictures, so that their delay is measured and not guessed. */
export function usePong(live: LiveRoom): void {
  useEffect(() => {
    let known: { at_ms: number; value: Record<string, number> } | null = null;
    return live.onPacket(({ topic, from, body }) => {
      if (topic !== "ping" || live.room.localParticipant.videoTrackPublications.size === 0) return;
      const answer = async (): Promise<void> => {
        if (!known || performance.now() - known.at_ms > STATS_VALID_MS) {
          known = { at_ms: performance.now(), value: await captureToSend(live) };
        }
        const pong = { t: body.t, id: body.id, t_site_ms: Date.now(), capture_to_send_ms: known.value };
        await live.sendPacket("pong", pong, [from]);
      };
      // A ping that cannot be answered is asked again by the expert's page.
      void answer().catch(() => undefined);
    });
  }, [live]);
}
