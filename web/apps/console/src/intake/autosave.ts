/** Saves what is typed as it is typed: nothing is lost to a network that fails, a page that is left, or another person. */
import { ApiError, type GivenAnswer, type Intake, UNREACHABLE } from "@tongtai/api-client";

import { givenOf, sameAnswer } from "./answers";

export type Answers = Readonly<Record<string, GivenAnswer>>;

export interface SaveState {
  readonly status: "saved" | "typing" | "saving" | "offline" | "stopped";
  /** Typed here and not yet kept by the server. */
  readonly pending: Answers;
  /** Somebody else has answered the same item differently meanwhile: what the server has, or undefined for nothing. */
  readonly conflicts: Readonly<Record<string, GivenAnswer | undefined>>;
  /** Answers that the server does not take, each with its reason. */
  readonly refused: Readonly<Record<string, ApiError>>;
  /** Why nothing can be saved at all. */
  readonly error: ApiError | null;
}

export interface AutosavePorts {
  load(): Promise<Intake>;
  send(version: number, answers: Answers): Promise<Intake>;
  /** The server's newest, for whoever shows it. */
  took(intake: Intake): void;
  /** What is not yet kept by the server, for this device to keep. */
  keep(pending: Answers): void;
}

const PAUSE_MS = 700;
const AGAIN_MS = 5000;

const without = <T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));

export class Autosave {
  #state: SaveState;
  #seen: Intake;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly ports: AutosavePorts,
    seen: Intake,
    restored: Answers = {},
  ) {
    this.#seen = seen;
    this.#state = { status: "saved", pending: {}, conflicts: {}, refused: {}, error: null };
    for (const [key, given] of Object.entries(restored)) this.put(key, given);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SaveState => this.#state;

  /** The page has been asked again: what others have saved is the newest from now on. */
  refresh(intake: Intake): void {
    if (!this.#sending && intake.version > this.#seen.version) this.#meet(intake);
  }

  /** Something was typed. */
  readonly put = (key: string, given: GivenAnswer): void => {
    this.#set({
      status: this.#sending ? "saving" : "typing",
      pending: { ...this.#state.pending, [key]: given },
      refused: without(this.#state.refused, [key]),
    });
    this.#later(PAUSE_MS);
  };

  /** Who is right where two have answered the same item. */
  readonly settle = (key: string, mine: boolean): void => {
    const conflicts = without(this.#state.conflicts, [key]);
    this.#set({ conflicts, pending: mine ? this.#state.pending : without(this.#state.pending, [key]) });
    void this.flush();
  };

  /** Sends everything that can be sent now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#sending) return;
    const batch = without(this.#state.pending, [
      ...Object.keys(this.#state.conflicts),
      ...Object.keys(this.#state.refused),
    ]);
    if (Object.keys(batch).length === 0) {
      this.#set({ status: "saved" });
      return;
    }
    this.#sending = true;
    this.#set({ status: "saving", error: null });
    try {
      this.#took(await this.ports.send(this.#seen.version, batch), batch);
      this.#sending = false;
    } catch (error) {
      this.#sending = false;
      await this.#failed(error);
      return;
    }
    if (Object.keys(this.#state.pending).length > 0) this.#later(PAUSE_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #took(intake: Intake, batch: Answers): void {
    this.#seen = intake;
    this.ports.took(intake);
    // What was typed on while the batch was under way stays.
    const done = Object.keys(batch).filter((key) => this.#state.pending[key] === batch[key]);
    this.#set({ status: "saved", pending: without(this.#state.pending, done) });
  }

  async #failed(error: unknown): Promise<void> {
    const failure = error instanceof ApiError ? error : new ApiError(0, "unexpected_answer", String(error));
    const { item } = failure.values;
    if (failure.code === "intake_changed") {
      try {
        this.#meet(await this.ports.load());
        await this.flush();
      } catch {
        this.#offline();
      }
    } else if (failure.status === 422 && typeof item === "string" && item in this.#state.pending) {
      this.#set({ refused: { ...this.#state.refused, [item]: failure } });
      await this.flush();
    } else if (failure.code === UNREACHABLE || failure.status >= 500) {
      this.#offline();
    } else {
      this.#set({ status: "stopped", error: failure });
    }
  }

  /** Another person's answers arrive: of the same item, somebody has to say who is right. */
  #meet(newest: Intake): void {
    const before = this.#seen;
    const given = (intake: Intake, key: string) => {
      const answer = intake.answers[key];
      return answer === undefined ? undefined : givenOf(answer);
    };
    const conflicts = { ...this.#state.conflicts };
    for (const [key, mine] of Object.entries(this.#state.pending)) {
      const theirs = given(newest, key);
      if (!sameAnswer(given(before, key), theirs) && !sameAnswer(mine, theirs)) conflicts[key] = theirs;
    }
    this.#seen = newest;
    this.ports.took(newest);
    this.#set({ conflicts });
  }

  #offline(): void {
    this.#set({ status: "offline" });
    this.#later(AGAIN_MS);
  }

  #later(pauseMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), pauseMs);
  }

  #set(change: Partial<SaveState>): void {
    this.#state = { ...this.#state, ...change };
    if (change.pending !== undefined) this.ports.keep(this.#state.pending);
    for (const listener of this.#listeners) listener();
  }
}
