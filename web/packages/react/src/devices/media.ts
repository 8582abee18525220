/** Why a camera, microphone or screen could not be used; the page turns it into words. */
export type DeviceProblem = "denied" | "in_use" | "not_found" | "insecure" | "cancelled" | "unknown";

export function deviceProblem(error: unknown, kind: "device" | "screen"): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  // The browser reports a closed screen dialogue and a forbidden one alike.
  if (name === "NotAllowedError") return kind === "screen" ? "cancelled" : "denied";
  if (name === "NotReadableError" || name === "AbortError") return "in_use";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "not_found";
  if (name === "SecurityError" || name === "TypeError") return "insecure";
  return "unknown";
}

/** Cameras and capture cards: full HD at most, and the picture's own aspect. */
export const CAMERA_CONSTRAINTS: MediaTrackConstraints = {
  width: { ideal: 1280, max: 1920 },
  height: { ideal: 720, max: 1080 },
  frameRate: { ideal: 30, max: 30 },
};

/** Without the permission the browser lists devices without names: they are numbered then. */
export const deviceLabel = (device: MediaDeviceInfo, index: number, word: string): string =>
  device.label === "" ? `${word} ${index + 1}` : device.label;

/** Loudness of a block of samples (−1…1) as 0…1 on a scale of decibels from −60 to 0. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return rms === 0 ? 0 : Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / 60));
}
