/** Whether a video really plays, and where things stand in its picture. */
import type { Locator } from "playwright-core";

/** Frames that the video shows in `seconds`. */
export async function framesShown(video: Locator, seconds: number): Promise<number> {
  return video.evaluate(async (element, duration) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error("not a video");
    const before = element.getVideoPlaybackQuality().totalVideoFrames;
    await new Promise((resolve) => setTimeout(resolve, duration * 1000));
    return element.getVideoPlaybackQuality().totalVideoFrames - before;
  }, seconds);
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The picture inside a letter-boxed video, in page pixels. */
export async function pictureBox(video: Locator): Promise<Box> {
  return video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error("not a video");
    const box = element.getBoundingClientRect();
    const scale = Math.min(box.width / element.videoWidth, box.height / element.videoHeight);
    const width = element.videoWidth * scale;
    const height = element.videoHeight * scale;
    return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
  });
}
