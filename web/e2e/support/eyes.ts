/** Instruments inside a page: the time code in a picture, the first picture of a video, the pen's trace. */
import type { Page } from "playwright-core";

/** What the instruments offer inside the page. */
export interface Eyes {
  /** Delay (ms) of pictures now on display, by their time code, of every video that shows one. */
  glassToGlass(seconds: number): Promise<number[]>;
  /** Wall-clock time at which every video of the selector has presented a picture after `after_ms`; at worst the limit. */
  allShown(selector: string, count: number, after_ms: number, limit_s: number): Promise<number>;
  /** How much later (ms) the time in a paused video's picture is than a moment; null: it shows none. */
  lateBy(selector: string, at_ms: number): number | null;
  /** Pictures a second of every video of the selector. */
  frameRates(selector: string, seconds: number): Promise<number[]>;
  /** Wall-clock times (ms) at which something was drawn on a drawing surface. */
  readonly drawn_ms: number[];
  /** Wall-clock times (ms) at which a pointer went down or a key was pressed. */
  readonly acted_ms: number[];
}

declare global {
  interface Window {
    eyes: Eyes;
  }
}

/** Put the instruments into every document that the page opens from now on. */
export async function giveEyes(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const CELLS = 28;
    const BITS = 24;
    const wall = (at: number) => Date.now() + (at - performance.now());
    /** The time code counts in 24 bits: a difference is the shortest way round. */
    const shortest = (difference: number) => ((difference + 1.5 * 2 ** BITS) % 2 ** BITS) - 2 ** (BITS - 1);
    const strip = new OffscreenCanvas(CELLS * 4, 16).getContext("2d", { willReadFrequently: true });

    // The lower eighth of the picture holds the time twice: as bars, and inverted beneath.
    function timeCode(video: HTMLVideoElement): number | null {
      if (!strip || video.videoWidth === 0) return null;
      const { width, height } = strip.canvas;
      const top = video.videoHeight * 0.875;
      strip.drawImage(video, 0, top, video.videoWidth, video.videoHeight - top, 0, 0, width, height);
      const { data } = strip.getImageData(0, 0, width, height);
      const bright = (column: number, row: number) => {
        const first = 4 * (row * width + column * 4 + 1);
        return ((data[first] ?? 0) + (data[first + 4] ?? 0)) / 2;
      };
      let value = 0;
      for (let cell = 0; cell < CELLS; cell += 1) {
        const [upper, lower] = [bright(cell, 4), bright(cell, 12)];
        if (Math.abs(upper - 128) < 30 || Math.abs(lower - 128) < 30 || upper > 128 === lower > 128) return null;
        const bit = upper > 128 ? 1 : 0;
        if (cell < CELLS - BITS && bit !== 1 - (cell % 2)) return null;
        if (cell >= CELLS - BITS) value = value * 2 + bit;
      }
      return value;
    }

    function onEveryFrame(video: HTMLVideoElement, seen: (shown_ms: number) => boolean): void {
      const next = (_now: number, frame: VideoFrameCallbackMetadata) => {
        // A busy page is called after the picture was due; what it looks at is what is shown from now on.
        if (seen(wall(Math.max(frame.expectedDisplayTime, performance.now())))) video.requestVideoFrameCallback(next);
      };
      video.requestVideoFrameCallback(next);
    }

    // A frame is put together right after its animation callbacks; a message sent from one comes when that is done.
    const nextFrame = window.requestAnimationFrame.bind(window);
    let inFrame = false;
    window.requestAnimationFrame = (callback) =>
      nextFrame((now) => {
        inFrame = true;
        try {
          callback(now);
        } finally {
          inFrame = false;
        }
      });
    function afterFrame(done: () => void): void {
      const tell = () => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(null);
      };
      if (inFrame) tell();
      else nextFrame(tell);
    }

    const drawn_ms: number[] = [];
    const acted_ms: number[] = [];
    const drawing = CanvasRenderingContext2D.prototype;
    for (const name of ["fill", "stroke"] as const) {
      const original = drawing[name] as (...parts: unknown[]) => void;
      drawing[name] = function (this: CanvasRenderingContext2D, ...parts: unknown[]): void {
        original.apply(this, parts);
        const at = this.canvas instanceof HTMLCanvasElement && this.canvas.closest("[data-testid=drawing-surface]");
        if (at) afterFrame(() => drawn_ms.push(wall(performance.now())));
      };
    }
    for (const kind of ["pointerdown", "keydown"] as const) {
      addEventListener(kind, (event) => acted_ms.push(wall(event.timeStamp)), { capture: true });
    }

    window.eyes = {
      lateBy(selector, at_ms) {
        const video = document.querySelector(selector);
        const shown = video instanceof HTMLVideoElement ? timeCode(video) : null;
        return shown === null ? null : shortest(shown - (at_ms % 2 ** BITS));
      },
      drawn_ms,
      acted_ms,
      glassToGlass: async (seconds) => {
        const delays: number[] = [];
        const end = Date.now() + seconds * 1000;
        for (const video of document.querySelectorAll("video")) {
          onEveryFrame(video, (shown_ms) => {
            const sent = timeCode(video);
            if (sent !== null) delays.push(shortest((Math.round(shown_ms) % 2 ** BITS) - sent));
            return Date.now() < end;
          });
        }
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 200));
        return delays;
      },
      allShown: async (selector, count, after_ms, limit_s) => {
        const limit_ms = Date.now() + limit_s * 1000;
        const shown = new Map<Element, number>();
        const watched = new WeakSet<Element>();
        while (shown.size < count) {
          if (Date.now() > limit_ms) return limit_ms;
          for (const video of document.querySelectorAll<HTMLVideoElement>(selector)) {
            if (watched.has(video)) continue;
            watched.add(video);
            onEveryFrame(video, (shown_ms) => {
              if (shown_ms < after_ms) return true;
              shown.set(video, shown_ms);
              return false;
            });
          }
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return Math.max(...shown.values());
      },
      frameRates: async (selector, seconds) => {
        const videos = [...document.querySelectorAll<HTMLVideoElement>(selector)];
        const counted = () => videos.map((video) => video.getVideoPlaybackQuality().totalVideoFrames);
        const [before, began] = [counted(), performance.now()];
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        const elapsed_s = (performance.now() - began) / 1000;
        return counted().map((count, index) => (count - (before[index] ?? 0)) / elapsed_s);
      },
    };
  });
}
