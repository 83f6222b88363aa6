import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../../src/datasets/acquire/pace.ts';

let time = 0;
let lines: [string, boolean][] = [];
const onProgress = (line: string, goesOn: boolean) => void lines.push([line, goesOn]);

beforeEach(() => {
  time = 0;
  lines = [];
});
afterEach(() => void vi.useRealTimers());

describe('work that holds the event loop', () => {
  it('says how far it is when the time has come since something was said', async () => {
    const pace = new Pace({ onProgress, progressInterval: 1000 }, () => time);
    pace.begins('counting');
    for (let done = 1; done <= 10; done++) {
      time += 400;
      await pace.goesOn(() => `counting: ${done}`);
    }
    expect(lines).toEqual([
      ['counting', false],
      ['counting: 3', true],
      ['counting: 6', true],
      ['counting: 9', true],
    ]);
  });

  it('is silent while nothing took long', async () => {
    const pace = new Pace({ onProgress }, () => time);
    time = 29_999;
    await pace.goesOn(() => 'counting');
    expect(lines).toEqual([]);
  });

  it('can be stopped by what comes in between', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const pace = new Pace({ onProgress, progressInterval: 0, signal: stop.signal }, () => time);
    setImmediate(() => stop.abort(reason));
    await expect(pace.goesOn(() => 'counting')).rejects.toBe(reason);
    expect(lines).toEqual([]);
  });
});

describe('work that leaves the event loop free', () => {
  it('says again and again how much is done, and for how long it has lasted', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const pace = new Pace({ onProgress, progressInterval: 2000 });
    let bytes = 0;
    let finish = (_: string) => {};
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const done = pace.during(
      'fetching a',
      () => work,
      () => `, ${bytes} MB`,
    );
    for (bytes = 1; bytes <= 2; bytes++) vi.advanceTimersByTime(2000);
    vi.advanceTimersByTime(1999);
    finish('a');
    expect(await done).toBe('a');
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual([
      ['still fetching a, 1 MB, for 2 s', true],
      ['still fetching a, 2 MB, for 4 s', true],
    ]);
  });

  it('says no more after it has failed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const pace = new Pace({ onProgress, progressInterval: 2000 });
    await expect(pace.during('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual([]);
  });
});
