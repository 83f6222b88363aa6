import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';

/**
 * How much of a campaign is done. By default a sample that fits the time of the tests; FAULTS=all does everything.
 * FAULTS_LIMIT bounds the trials of a campaign then. FAULTS_SEED changes what is drawn at random, FAULTS_ONLY does the
 * one trial of that name again.
 */
export const everything = process.env.FAULTS === 'all';
export const seed = Number(process.env.FAULTS_SEED ?? 1);
const limit = Number(process.env.FAULTS_LIMIT ?? Number.POSITIVE_INFINITY);
const atOnce = Number(process.env.FAULTS_JOBS ?? 2);

/** One number from [0, 1) for each call, always the same ones for a seed and a name. */
export function randomNumbers(name: string): () => number {
  let state = seed >>> 0;
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of them drawn without repetition, in their order; with FAULTS=all more of them, or all. */
export function sampled<T>(name: string, all: readonly T[], few: number, many = all.length): T[] {
  const count = everything ? Math.min(many, limit) : few;
  if (all.length <= count) return [...all];
  const random = randomNumbers(name);
  const keyed = all.map((item, place) => ({ item, place, key: random() }));
  const chosen = keyed.sort((a, b) => a.key - b.key).slice(0, count);
  return chosen.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

/** Numbers of so many trials; with FAULTS=all more of them. */
export const trials = (few: number, many: number): number[] => upTo(everything ? Math.min(many, limit) : few);

/** 0 to n - 1. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * Does all trials, some at once, and fails with the names of those that threw. With FAULTS=all it tells what was done:
 * no failure in n trials bounds the rate of failures by 3/n with 95 % confidence.
 */
export async function campaign<T>(
  name: string,
  trials: readonly T[],
  nameOf: (trial: T) => string,
  attempt: (trial: T) => Promise<void> | void,
): Promise<void> {
  const only = process.env.FAULTS_ONLY;
  const due = trials.filter((trial) => only === undefined || nameOf(trial) === only);
  const failures: string[] = [];
  const queue = [...due];
  const started = performance.now();
  const work = async () => {
    for (let trial = queue.shift(); trial !== undefined; trial = queue.shift()) {
      try {
        await attempt(trial);
      } catch (error) {
        failures.push(`${nameOf(trial)}: ${error instanceof Error ? error.message : error}`);
      }
    }
  };
  await Promise.all(upTo(atOnce).map(work));
  if (everything) tell({ name, trials: due.length, failures, seconds: (performance.now() - started) / 1000 });
  expect(failures, `${name}, seed ${seed}`).toEqual([]);
}

interface Done {
  readonly name: string;
  readonly trials: number;
  readonly failures: readonly string[];
  readonly seconds: number;
}

function tell({ name, trials, failures, seconds }: Done): void {
  const bound = failures.length === 0 ? `, rate below ${(300 / trials || 0).toPrecision(2)} %` : '';
  const line = `${name}: ${trials} trials, ${failures.length} failures${bound}, seed ${seed}, ${seconds.toFixed(0)} s`;
  process.stdout.write(`${line}\n`);
  if (process.env.FAULTS_RECORD) appendFileSync(process.env.FAULTS_RECORD, `${line}\n`);
}
