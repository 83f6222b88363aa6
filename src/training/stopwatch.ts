import type { WallSeconds } from './trial-events.ts';

/** Wall-clock seconds by what they are spent on. */
export class Stopwatch {
  #spent = { train: 0, evaluate: 0, other: 0 };
  #running: keyof WallSeconds = 'other';
  #since = performance.now();

  start(what: keyof WallSeconds): void {
    const now = performance.now();
    this.#spent[this.#running] += (now - this.#since) / 1000;
    this.#running = what;
    this.#since = now;
  }

  seconds(): WallSeconds {
    this.start(this.#running);
    return { ...this.#spent };
  }

  /** Steps per second while training, and the seconds that are left, evaluation in proportion. */
  pace(done: number, left: number): { stepsPerSecond: number; secondsLeft: number } {
    const { train, evaluate: evaluated } = this.seconds();
    return {
      stepsPerSecond: done / train,
      secondsLeft: done > 0 ? (left / done) * (train + evaluated) : Number.NaN,
    };
  }
}
