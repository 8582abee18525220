import { useEffect, useRef } from "react";

import { levelOf } from "./media";

/** How loud a microphone is now: a bar that moves when somebody speaks. */
export function LevelMeter({ track, label }: { readonly track: MediaStreamTrack | null; readonly label: string }) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!track) return undefined;
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    analyser.fftSize = 1024;
    audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    const draw = (): void => {
      analyser.getFloatTimeDomainData(samples);
      if (bar.current) bar.current.value = levelOf(samples);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      void audio.close();
    };
  }, [track]);
  return (
    <meter
      ref={bar}
      min={0}
      max={1}
      low={0.15}
      optimum={0.6}
      high={0.95}
      aria-label={label}
      style={{ width: "100%", height: 20 }}
    />
  );
}
