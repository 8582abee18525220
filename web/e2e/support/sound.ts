/** What really comes out of a page's loudspeaker. */
import type { Page } from "playwright-core";

/** RMS (0…1) above which somebody is heard, and below which nobody is. */
export const AUDIBLE = 0.01;
export const SILENT = 0.001;

/** Largest RMS (0…1) of all sound that the page plays, over `seconds`. */
export async function loudness(page: Page, seconds: number): Promise<number> {
  return page.evaluate(async (duration) => {
    const audio = new AudioContext();
    await audio.resume();
    const analyser = audio.createAnalyser();
    analyser.fftSize = 2048;
    for (const element of document.querySelectorAll<HTMLMediaElement>("audio, video")) {
      const stream = element.srcObject;
      if (stream instanceof MediaStream && stream.getAudioTracks().length > 0 && !element.muted) {
        audio.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
      }
    }
    const samples = new Float32Array(analyser.fftSize);
    const end = performance.now() + duration * 1000;
    let loudest = 0;
    while (performance.now() < end) {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
      loudest = Math.max(loudest, rms);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await audio.close();
    return loudest;
  }, seconds);
}
