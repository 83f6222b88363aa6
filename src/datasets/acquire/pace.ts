import { setImmediate as nextTurn } from 'node:timers/promises';

export interface ProgressOptions {
  /**
   * Called with one line of text when something that takes time begins, and with `goesOn` while it lasts: a line that
   * takes the place of the one before.
   */
  readonly onProgress?: ((line: string, goesOn: boolean) => void) | undefined;
  /** Milliseconds between two lines of the second kind: 30 s. */
  readonly progressInterval?: number | undefined;
  /** Ends the work with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Says what begins, and now and then that it goes on. */
export class Pace {
  readonly #onProgress: (line: string, goesOn: boolean) => void;
  readonly #interval: number;
  readonly #signal: AbortSignal | undefined;
  readonly #now: () => number;
  #said: number;

  /** `now`: milliseconds, from any start. */
  constructor(
    { onProgress = () => {}, progressInterval = 30_000, signal }: ProgressOptions,
    now: () => number = () => performance.now(),
  ) {
    this.#onProgress = onProgress;
    this.#interval = progressInterval;
    this.#signal = signal;
    this.#now = now;
    this.#said = now();
  }

  begins(line: string): void {
    this.#say(line, false);
  }

  /** To be called often by work that holds the event loop: gives way to signals, and says `line` when it is time to. */
  async goesOn(line: () => string): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    if (this.#now() - this.#said >= this.#interval) this.#say(line(), true);
  }

  /** Says again and again that work goes on which leaves the event loop free; `amount`: how much is done. */
  async during<T>(what: string, work: () => Promise<T>, amount: () => string = () => ''): Promise<T> {
    const started = this.#now();
    const timer = setInterval(() => {
      const seconds = Math.round((this.#now() - started) / 1000);
      this.#say(`still ${what}${amount()}, for ${seconds} s`, true);
    }, this.#interval);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  #say(line: string, goesOn: boolean): void {
    this.#said = this.#now();
    this.#onProgress(line, goesOn);
  }
}
