import { loudspeaker } from "@tongtai/session-core";

/** The STOP's sound: two tones, again every 1.2 s until it is answered, made here so that no file must load. */
const PERIOD_MS = 1_200;
const TONES_HZ = [880, 660] as const;
const TONE_S = 0.28;

/** Browsers allow sound only after somebody touched the page; called at the first touch. */
export async function allowSound(): Promise<void> {
  const audio = loudspeaker();
  if (audio.state === "suspended") await audio.resume();
}

function ring(audio: AudioContext): void {
  TONES_HZ.forEach((frequency, index) => {
    const begin = audio.currentTime + index * (TONE_S + 0.04);
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    tone.type = "square";
    // Ramps, because a hard edge clicks.
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.25, begin + 0.02);
    volume.gain.linearRampToValueAtTime(0, begin + TONE_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + TONE_S);
  });
}

/** Rings until the returned function is called. */
export function startAlarm(): () => void {
  const audio = loudspeaker();
  void audio.resume().catch(() => undefined);
  ring(audio);
  const timer = setInterval(() => ring(audio), PERIOD_MS);
  return () => clearInterval(timer);
}
