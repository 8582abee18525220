/** What the browser's counters say of a picture's arrival. Durations in ms, loss 0…1, fps in 1/s. */

/** Counters of one received video track at one moment, as `RTCInboundRtpStreamStats` has them. */
export interface InboundCounters {
  at_ms: number;
  framesReceived: number;
  framesDecoded: number;
  packetsReceived: number;
  packetsLost: number;
  jitterBufferDelay_s: number;
  jitterBufferEmittedCount: number;
  totalDecodeTime_s: number;
}

export interface Measurement {
  /** Glass to glass; null while the sender has not answered a ping. */
  delay_ms: number | null;
  loss: number | null;
  fps: number | null;
  /** How long the picture has stood still, in seconds; 0 while it moves. */
  freeze_s: number;
  /** How long nothing of the picture has come over the network, in seconds; 0 while packets come. */
  silence_s: number;
  /** Frames come, but this computer does not show them in time: the link is not to blame. */
  viewerSlow: boolean;
}

export const NOT_MEASURED: Measurement = {
  delay_ms: null,
  loss: null,
  fps: null,
  freeze_s: 0,
  silence_s: 0,
  viewerSlow: false,
};

/** The sender's part of the delay and the way there and back, from a ping and its pong. */
export interface PongSample {
  rtt_ms: number;
  capture_to_send_ms: number;
  at_ms: number;
}

/** What is known beside two samples of the counters. */
export interface Moments {
  pong: PongSample | null;
  /** For how long this page has been looking; while it is held up it does not look. */
  looked_ms: number;
  /** When, by that time, a frame was last decoded, and a packet last received. */
  movedAt_ms: number;
  heardAt_ms: number;
  /** Which part of the time between the samples this page was kept from running, 0…1. */
  blocked: number;
}

const PONG_VALID_MS = 8_000;
const STILL_AFTER_S = 1;
/** A page that is held up for this part of the time shows and measures late. */
const BLOCKED_PART = 0.3;
/** Fewer than this part of the complete frames that came were decoded: the decoder cannot keep up. */
const DECODED_PART = 0.75;
/** Below this many frames the part above is chance. */
const FRAMES_TO_JUDGE = 5;
/** The decoder is at work for this part of the time: it has no reserve. */
const DECODING_PART = 0.85;

/** What the receiver adds per frame, averaged over the frames between two samples; null without frames. */
export function receiverDelay_ms(before: InboundCounters, now: InboundCounters): number | null {
  const emitted = now.jitterBufferEmittedCount - before.jitterBufferEmittedCount;
  const decoded = now.framesDecoded - before.framesDecoded;
  if (emitted <= 0 || decoded <= 0) return null;
  const buffer_s = (now.jitterBufferDelay_s - before.jitterBufferDelay_s) / emitted;
  const decode_s = (now.totalDecodeTime_s - before.totalDecodeTime_s) / decoded;
  return (buffer_s + decode_s) * 1_000;
}

/** Whether what is late between two samples is late because of this computer. */
export function isViewerSlow(before: InboundCounters, now: InboundCounters, blocked: number): boolean {
  if (now.packetsReceived <= before.packetsReceived) return false;
  if (blocked >= BLOCKED_PART) return true;
  const elapsed_s = (now.at_ms - before.at_ms) / 1_000;
  const received = now.framesReceived - before.framesReceived;
  const decoded = now.framesDecoded - before.framesDecoded;
  // Without any decoded frame the decoder may as well wait for a key frame that the link has lost.
  if (decoded > 0 && received >= FRAMES_TO_JUDGE && decoded < received * DECODED_PART) return true;
  return now.totalDecodeTime_s - before.totalDecodeTime_s > elapsed_s * DECODING_PART;
}

/** One measurement from two samples of the counters and what is known beside them. */
export function measure(before: InboundCounters, now: InboundCounters, moments: Moments): Measurement {
  const { pong, looked_ms, movedAt_ms, heardAt_ms, blocked } = moments;
  const elapsed_s = (now.at_ms - before.at_ms) / 1_000;
  const received = now.packetsReceived - before.packetsReceived;
  // The counter of lost packets goes down when a late one arrives after all.
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const receiver_ms = receiverDelay_ms(before, now);
  const answered = pong !== null && now.at_ms - pong.at_ms <= PONG_VALID_MS;
  return {
    delay_ms: answered && receiver_ms !== null ? pong.capture_to_send_ms + pong.rtt_ms / 2 + receiver_ms : null,
    loss: received + lost > 0 ? lost / (received + lost) : null,
    fps: elapsed_s > 0 ? Math.max(0, now.framesDecoded - before.framesDecoded) / elapsed_s : null,
    freeze_s: since_s(movedAt_ms, looked_ms),
    silence_s: since_s(heardAt_ms, looked_ms),
    viewerSlow: isViewerSlow(before, now, blocked),
  };
}

function since_s(from_ms: number, at_ms: number): number {
  const seconds = (at_ms - from_ms) / 1_000;
  return seconds >= STILL_AFTER_S ? seconds : 0;
}
