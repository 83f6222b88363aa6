import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';
import {
  type Attempt,
  claimRun,
  type Provenance,
  ReplacedError,
  type System,
} from '../../src/results/index.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import type { CurveRow, Snapshot } from '../../src/training/trial-events.ts';
import { sampleRun } from './sample-run.ts';

export const run: ResolvedRun = sampleRun({ epochs: 3 });
export const id = runId(run);
export const wall = { train: 1, evaluate: 2, other: 3 };
export const provenance: Provenance = {
  versions: { 'adam-repro': '0.1.0', node: '20.0.0' },
  engine: { name: 'reference', variant: 'v1', device: 'cpu' },
  threads: 1,
  data: {},
  parameters: 3,
  fingerprint: { initialWeights: 'aa', batchOrder: 'bb' },
};

/** What a trial would tell: rows and a checkpoint per epoch of two steps, known beforehand and without waiting. */
const events: { rows: CurveRow[]; snapshot: Snapshot }[] = Array.from({ length: run.epochs }, (_, i) => {
  const epoch = i + 1;
  const step = epoch * 2;
  const row = (metric: CurveRow['metric'], value: number): CurveRow => ({
    ...{ epoch, step, split: 'train', metric, value },
  });
  return {
    rows: [row('minibatch-cost', 1 / (epoch + 2)), row('cost', Math.sqrt(epoch))],
    snapshot: {
      state: { epoch, step, stepInEpoch: 0, epochCostSum: 0, epochExamples: 0 },
      tensors: { w: { shape: [3], data: new Float32Array([epoch, 0.1 * epoch, -epoch]) } },
    },
  };
});

export type Ending = 'done' | 'published' | 'busy' | 'replaced';

/** A process's whole work on the run, epoch by epoch: a generator, so that a test can do something in between. */
export function* epochsOf(system: System, runs: string): Generator<Attempt, Ending> {
  const claim = claimRun(system, runs, id);
  if (claim.type !== 'claimed') return claim.type;
  const { attempt } = claim;
  try {
    attempt.begin(run, provenance);
    const from = attempt.resume?.snapshot.state.step ?? 0;
    for (const { rows, snapshot } of events.filter(({ snapshot }) => snapshot.state.step > from)) {
      attempt.rows(rows);
      attempt.checkpoint(snapshot, wall);
      yield attempt;
    }
    attempt.publish(run, provenance, 'complete', wall);
    return 'done';
  } catch (error) {
    if (error instanceof ReplacedError) return 'replaced';
    throw error;
  }
}

/** Goes on to the end. */
export function finish(work: Generator<Attempt, Ending>): Ending {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The first epochs only. */
export function begin(system: System, runs: string, epochs: number): Attempt {
  const work = epochsOf(system, runs);
  let attempt: Attempt | undefined;
  for (let i = 0; i < epochs; i++) attempt = work.next().value as Attempt;
  return attempt!;
}

/** The real operations, with something else happening just before the `at`-th one. */
export function interrupted(
  at: number,
  happening: () => void,
): FileSystem & { readonly count: () => number } {
  let operations = 0;
  return new Proxy(realFileSystem, {
    get(target, name) {
      if (name === 'count') return () => operations;
      const real = target[name as keyof FileSystem] as (...parameters: unknown[]) => unknown;
      return (...parameters: unknown[]) => {
        if (++operations === at) happening();
        return real(...parameters);
      };
    },
  }) as FileSystem & { count: () => number };
}
