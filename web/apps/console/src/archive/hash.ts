/** The bundle's hash, computed here from what arrived: each part is fetched and hashed, then their list. */
import { type Bundle, bundlePartUrl } from "@tongtai/api-client";

export async function sha256(content: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** JSON with sorted keys and no blanks: the form that is hashed. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

type Arrived = Pick<Bundle["parts"][number], "name" | "media_type" | "sha256" | "size_bytes">;

/** Hash of a bundle that has these parts. */
export function bundleHash(caseId: string, bundle: Bundle, parts: readonly Arrived[]): Promise<string> {
  const manifest = {
    case_id: caseId,
    number: bundle.number,
    // The manifest writes the offset out; the wire shortens UTC to Z.
    made_at: bundle.made_at.replace(/Z$/, "+00:00"),
    reason: bundle.reason,
    previous_sha256: bundle.previous_sha256,
    parts: parts.map((part) => [part.name, part.media_type, part.sha256, part.size_bytes]),
  };
  return sha256(new TextEncoder().encode(canonical(manifest)));
}

export async function arrivedHash(caseId: string, bundle: Bundle): Promise<string> {
  const parts: Arrived[] = [];
  for (const part of bundle.parts) {
    const answer = await fetch(bundlePartUrl(caseId, bundle.id, part.name), { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${part.name}: ${answer.status}`);
    const content = await answer.arrayBuffer();
    parts.push({ ...part, sha256: await sha256(content), size_bytes: content.byteLength });
  }
  return bundleHash(caseId, bundle, parts);
}
