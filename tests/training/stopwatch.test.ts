import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stopwatch } from '../../src/training/stopwatch.ts';

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void vi.restoreAllMocks());

/** Spends so many seconds on it. */
function spend(watch: Stopwatch, what: 'train' | 'evaluate' | 'other', seconds: number): void {
  watch.start(what);
  now += 1000 * seconds;
}

describe('Stopwatch', () => {
  it('keeps apart what seconds were spent on', () => {
    const watch = new Stopwatch();
    spend(watch, 'evaluate', 5);
    spend(watch, 'train', 2);
    spend(watch, 'other', 1);
    spend(watch, 'train', 3);
    expect(watch.seconds()).toEqual({ train: 5, evaluate: 5, other: 1 });
  });

  it('does not spread the pass before the first step over the steps', () => {
    const watch = new Stopwatch();
    spend(watch, 'evaluate', 40);
    spend(watch, 'train', 1);
    expect(watch.pace({ done: 4, left: 400 }, { done: 1, left: 2 })).toEqual({
      stepsPerSecond: 4,
      secondsLeft: 100 + 80,
    });
  });

  it('leaves passes out as long as none is done', () => {
    const watch = new Stopwatch();
    spend(watch, 'train', 1);
    expect(watch.pace({ done: 1, left: 10 }, { done: 0, left: 3 }).secondsLeft).toBe(10);
  });

  it('has no estimate before the first step', () => {
    const watch = new Stopwatch();
    spend(watch, 'evaluate', 1);
    expect(watch.pace({ done: 0, left: 10 }, { done: 0, left: 1 }).secondsLeft).toBeNaN();
  });
});
