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

  /**
   * Steps per second while training, and the seconds that are left. Full passes are counted apart from steps: there is one
   * before the first step, and shares of it per step would make the first estimates many times too long.
   */
  pace(steps: Progressed, passes: Progressed): { stepsPerSecond: number; secondsLeft: number } {
    const { train, evaluate } = this.seconds();
    const training = steps.done > 0 ? (steps.left / steps.done) * train : Number.NaN;
    const evaluating = passes.done > 0 ? (passes.left / passes.done) * evaluate : 0;
    return { stepsPerSecond: steps.done / train, secondsLeft: training + evaluating };
  }
}

interface Progressed {
  readonly done: number;
  readonly left: number;
}
