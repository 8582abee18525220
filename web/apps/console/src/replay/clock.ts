/** The one clock that all pictures and the log of a replay follow. */
import { type Span, within } from "./clips";

export const SPEEDS: readonly number[] = [0.5, 1, 2, 4, 8];

export class ReplayClock {
  private atThen_ms: number;
  private then_ms: number;
  private wanted = false;
  private rate = 1;
  private readonly waiting = new Set<string>();
  private readonly heard = new Set<() => void>();

  constructor(
    readonly span: Span,
    private readonly now_ms: () => number = () => performance.now(),
  ) {
    this.atThen_ms = span.from_ms;
    this.then_ms = now_ms();
  }

  /** Whether somebody has pressed "play"; it may still wait for a picture. */
  get playing(): boolean {
    return this.wanted;
  }

  get runs(): boolean {
    return this.wanted && this.waiting.size === 0;
  }

  get speed(): number {
    return this.rate;
  }

  get at_ms(): number {
    const passed = this.runs ? (this.now_ms() - this.then_ms) * this.rate : 0;
    return within(this.atThen_ms + passed, this.span);
  }

  play(on: boolean): void {
    if (on && this.at_ms >= this.span.until_ms) this.atThen_ms = this.span.from_ms;
    this.change(() => {
      this.wanted = on;
    });
  }

  seek(at_ms: number): void {
    this.atThen_ms = within(at_ms, this.span);
    this.then_ms = this.now_ms();
    this.tell();
  }

  run(speed: number): void {
    this.change(() => {
      this.rate = speed;
    });
  }

  /** All wait for the picture that has not come: side by side means at the same time. */
  wait(who: string, on: boolean): void {
    if (this.waiting.has(who) === on) return;
    this.change(() => {
      if (on) this.waiting.add(who);
      else this.waiting.delete(who);
    });
  }

  /** Stop at the end; called as time passes. */
  settle(): void {
    if (this.wanted && this.at_ms >= this.span.until_ms) this.play(false);
  }

  subscribe(listener: () => void): () => void {
    this.heard.add(listener);
    return () => this.heard.delete(listener);
  }

  private change(act: () => void): void {
    this.atThen_ms = this.at_ms;
    this.then_ms = this.now_ms();
    act();
    this.tell();
  }

  private tell(): void {
    for (const listener of this.heard) listener();
  }
}
