import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type EngineName, engineAvailability } from '../engines/index.ts';
import { makeFolders } from '../make-folders.ts';
import { currentVersions } from '../results/index.ts';
import { canonicalJson } from '../spec/hash.ts';
import type { ResolvedRun } from '../spec/run.ts';
import { stepsOf } from './plan-runs.ts';

/** From so many steps on a time is that of runs, and no few steps replace it. */
const ENOUGH_STEPS = 200;

/** Measured on this machine. */
export interface StepTime {
  /** Seconds per training step. */
  readonly step: number;
  /** Seconds per evaluated example. */
  readonly example: number;
  /** How many steps it was measured over. */
  readonly steps: number;
}

/** The user's folder for what can be made again: `$XDG_CACHE_HOME`, `~/.cache`, or `%LOCALAPPDATA%` on Windows. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'adam-repro', 'cache');
  const base = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, 'adam-repro');
}

/** Full passes of a run: before the first step, after every so many epochs, and after the last one. */
export function evaluations({ evaluation: { every }, epochs }: ResolvedRun): number {
  return every === 0 ? 0 : 1 + Math.ceil(epochs / every);
}

/** Seconds of a whole run. */
export function secondsOf(run: ResolvedRun, { step, example }: Pick<StepTime, 'step' | 'example'>): number {
  const { trainExamples, testExamples } = run.data;
  return stepsOf(run) * step + evaluations(run) * (trainExamples + testExamples) * example;
}

/** Everything that a step's time depends on: the program, who computes it, and on which machine. */
export async function stepKey(run: ResolvedRun): Promise<string> {
  const { engine, batchSize, evaluation, optimizerSettings } = run;
  const { initialization: _initialization, ...model } = { initialization: undefined, ...run.model };
  const { trainExamples: _train, testExamples: _test, ...data } = run.data;
  const { variant, device, threads } = await engineIdentity(engine);
  const { rule, ruleDigest, weightDecay } = optimizerSettings;
  return canonicalJson({
    ...{ engine, variant, device, threads, versions, cpu: cpus()[0]?.model ?? '' },
    ...{ model, data, batchSize, evaluationBatchSize: evaluation.batchSize },
    ...{ rule, ruleDigest, decay: weightDecay?.mode },
  });
}

const versions = currentVersions();
const identities = new Map<EngineName, Promise<{ variant: string; device: string; threads: number }>>();

/** Asked once: there may be hundreds of runs. */
function engineIdentity(engine: EngineName) {
  const known =
    identities.get(engine) ??
    engineAvailability(engine).then((found) => (found.ok ? found : { variant: '', device: '', threads: 1 }));
  identities.set(engine, known);
  return known;
}

/** What was measured on earlier occasions, one small file each; a cache, so whatever goes wrong with it is nothing lost. */
export class StepTimes {
  readonly #folder: string;
  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.#folder = join(cacheFolder(environment), 'step-times');
  }

  read(key: string): StepTime | undefined {
    try {
      const { key: of, step, example, steps } = JSON.parse(readFileSync(this.#path(key), 'utf8'));
      const isTime = [step, example, steps].every((n) => Number.isFinite(n) && n >= 0);
      return of === key && isTime ? { step, example, steps } : undefined;
    } catch {
      return undefined;
    }
  }

  /** What whole runs took, `undefined` where only a few steps are known, or no evaluation although the run evaluates. */
  readFull(key: string, run: ResolvedRun): StepTime | undefined {
    const time = this.read(key);
    if (time === undefined || time.steps < ENOUGH_STEPS) return undefined;
    return time.example > 0 || evaluations(run) === 0 ? time : undefined;
  }

  /** Keeps what was measured over more steps. */
  write(key: string, time: StepTime): void {
    if (!(time.step > 0 && time.steps > 0) || time.steps < Math.min(ENOUGH_STEPS, this.read(key)?.steps ?? 0))
      return;
    try {
      makeFolders(this.#folder);
      const path = this.#path(key);
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(temporary, JSON.stringify({ key, ...time }));
      renameSync(temporary, path);
    } catch {
      // Measured again another time.
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`);
  }
}
