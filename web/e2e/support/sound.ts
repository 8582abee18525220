/** What really comes out of a page's loudspeaker. */
import type { Page } from "playwright-core";

/** RMS (0…1) above which somebody is heard, and below which nobody is. */
export const AUDIBLE = 0.01;
export const SILENT = 0.001;

declare global {
  interface Window {
    /** What listens at the exit of every audio context of the page. */
    ears: AnalyserNode[];
  }
}

/** Listen, in every document that the page opens from now on, to what is sent to its loudspeaker. */
export async function giveEars(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.ears = [];
    const heard = new WeakMap<BaseAudioContext, AnalyserNode>();
    const node = AudioNode.prototype;
    const connect = node.connect as (this: AudioNode, to: AudioNode, ...ports: number[]) => AudioNode;
    const earOf = (context: BaseAudioContext): AnalyserNode => {
      let ear = heard.get(context);
      if (!ear) {
        ear = new AnalyserNode(context, { fftSize: 2048 });
        heard.set(context, ear);
        window.ears.push(ear);
      }
      return ear;
    };
    node.connect = function (this: AudioNode, to: AudioNode, ...ports: number[]) {
      if (to instanceof AudioDestinationNode) connect.call(this, earOf(this.context));
      return connect.call(this, to, ...ports);
    } as typeof node.connect;
  });
}

/** Largest RMS (0…1) of all sound that the page plays, over `seconds`: what it mixes, and elements that sound by themselves. */
export async function loudness(page: Page, seconds: number): Promise<number> {
  return page.evaluate(async (duration) => {
    const audio = new AudioContext();
    await audio.resume();
    const own = new AnalyserNode(audio, { fftSize: 2048 });
    for (const element of document.querySelectorAll<HTMLMediaElement>("audio, video")) {
      const stream = element.srcObject;
      if (stream instanceof MediaStream && stream.getAudioTracks().length > 0 && !element.muted) {
        audio.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(own);
      }
    }
    const samples = new Float32Array(own.fftSize);
    const rmsOf = (ear: AnalyserNode) => {
      ear.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    };
    const end = performance.now() + duration * 1000;
    let loudest = 0;
    while (performance.now() < end) {
      loudest = Math.max(loudest, ...[own, ...window.ears].map(rmsOf));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await audio.close();
    return loudest;
  }, seconds);
}
