/** Data packets of an operating room: JSON in UTF-8, told apart by their topic. */

export type PacketTopic = "stroke" | "pointer" | "ping" | "pong";

export interface RoomPacket {
  topic: PacketTopic;
  /** The sender's identity, as the media server vouches for it. */
  from: string;
  body: Record<string, unknown>;
}

const TOPICS: ReadonlySet<string> = new Set(["stroke", "pointer", "ping", "pong"]);

export function encodePacket(body: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(body)) as Uint8Array<ArrayBuffer>;
}

/** A packet of ours, or null for anything else: what arrives from outside may be anything. */
export function decodePacket(data: Uint8Array, topic: string | undefined, from: string | undefined): RoomPacket | null {
  if (topic === undefined || from === undefined || !TOPICS.has(topic)) return null;
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(data));
    if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
    return { topic: topic as PacketTopic, from, body: body as Record<string, unknown> };
  } catch {
    return null;
  }
}
