/** The server takes at most 300 kB of JPEG; a base64 character carries six bits. */
const LONGEST_URL = 395_000;
const WIDEST = 1_280;
const QUALITIES = [0.85, 0.7, 0.5, 0.3];

/** The picture that a video shows now as a JPEG data URL, or null when there is none. */
export function takePicture(video: HTMLVideoElement): string | null {
  if (video.videoWidth === 0) return null;
  const scale = Math.min(1, WIDEST / video.videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of QUALITIES) {
    const url = canvas.toDataURL("image/jpeg", quality);
    if (url.length <= LONGEST_URL) return url;
  }
  return null;
}
