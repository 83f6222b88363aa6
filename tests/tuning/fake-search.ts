import type { RunRecord } from '../../src/results/index.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import type { Measurement } from '../../src/tuning/candidate.ts';
import type { SearchContext } from '../../src/tuning/search.ts';
import type { Settings } from '../../src/tuning/space.ts';

export interface FakeSettings {
  readonly optimizer: string;
  readonly settings: Settings;
  readonly shared: Settings;
  readonly seed: number;
}

/** The cost of each epoch; NaN where the run diverges. */
export type FakeCurve = (run: FakeSettings, epoch: number) => number;

export interface FakeSearch extends SearchContext {
  /** What each stage trained, as `optimizer settings x epochs`. */
  readonly stages: string[][];
  readonly rows: Measurement[];
}

/** A search whose runs cost nothing: the curve is a function of the settings. */
export function fakeSearch(curve: FakeCurve, { seeds = [0], epochs = 10, failing = '' } = {}): FakeSearch {
  const stages: string[][] = [];
  const rows: Measurement[] = [];
  return {
    stages,
    rows,
    candidate: async (optimizer, settings, shared) => ({
      ...{ optimizer, settings, shared },
      runs: seeds.map((seed) => fakeRun({ optimizer, settings, shared, seed }, epochs)),
    }),
    run: async (runs) => {
      const fakes = runs.map((run) => ({ run, fake: JSON.parse(run.experiment) as FakeSettings }));
      stages.push(fakes.map(({ run, fake }) => nameOf(fake, run.epochs)));
      const records = fakes.map(({ run, fake }) => fakeRecord(run, fake, curve, failing));
      const failed = records.some(({ state }) => state.status === 'failed');
      return { records, error: failed ? new Error('one failed') : undefined };
    },
    measured: (found) => rows.push(...found),
  };
}

function fakeRun(fake: FakeSettings, epochs: number): ResolvedRun {
  const hyper = { lr: 0.001, momentum: 0.9 };
  return {
    experiment: JSON.stringify(fake),
    optimizer: fake.optimizer,
    seed: fake.seed,
    engine: 'wasm',
    data: { name: 'synthetic', trainExamples: 64, testExamples: 8 },
    model: { type: 'logistic-regression', initialization: { type: 'zeros' }, dropout: { input: 0 } },
    batchSize: 64,
    epochs,
    evaluation: { every: 0, batchSize: 8 },
    optimizerSettings: {
      rule: fake.optimizer,
      hyper,
      schedule: { type: 'constant' },
      warmupSteps: 0,
      weightDecay: { mode: 'l2', rate: 0.5 },
    },
  };
}

function fakeRecord(run: ResolvedRun, fake: FakeSettings, curve: FakeCurve, failing: string): RunRecord {
  const costs = Array.from({ length: run.epochs }, (_, i) => curve(fake, i + 1));
  const epochsDone = costs.findIndex(Number.isNaN);
  const status =
    failing !== '' && nameOf(fake, run.epochs).startsWith(failing)
      ? ('failed' as const)
      : epochsDone < 0
        ? ('complete' as const)
        : ('diverged' as const);
  const id = `${nameOf(fake, run.epochs)} seed ${fake.seed}`.replaceAll(' ', '_');
  const { optimizer, seed, epochs } = run;
  return {
    run,
    state: { id, optimizer, seed, epochs, status, epochsDone: epochsDone < 0 ? epochs : epochsDone },
    lines: costs.filter(Number.isFinite).map((cost, i) => `${i + 1},${i + 1},train,minibatch-cost,${cost}`),
  } as RunRecord;
}

function nameOf({ optimizer, settings, shared }: FakeSettings, epochs: number): string {
  const values = [...Object.values(shared), ...Object.values(settings)].map((value) => JSON.stringify(value));
  return `${optimizer} ${values.join(' ')} x${epochs}`;
}
