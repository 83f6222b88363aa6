import { join } from 'node:path';
import type { FileSystem } from '../../src/results/file-system.ts';
import { realFileSystem } from '../../src/results/file-system.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { ExperimentRecords } from '../../src/runner/experiment-records.ts';
import type { RunResult } from '../../src/runner/job.ts';
import { prepareRuns } from '../../src/runner/prepare-runs.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { type FakeOptions, fakeTrial, jobOf } from '../runner/fake-trial.ts';

export const run = sampleRun({ epochs: 2 });
export const id = runId(run);

export const profileIn = (root: string): string => join(root, 'results/sample/smoke');
export const runsIn = (root: string): string => join(profileIn(root), 'runs');

export interface Lived {
  readonly result: RunResult;
  readonly said: readonly string[];
}

export interface LiveOptions extends FakeOptions {
  /** Instead of `run`. */
  readonly of?: ResolvedRun;
  readonly onResult?: () => void;
}

/** A process's whole work on an experiment of one run, tables included; it is dead afterwards. */
export async function live(
  machine: Machine,
  root: string,
  files: FileSystem = realFileSystem,
  { of = run, onResult, ...options }: LiveOptions = {},
): Promise<Lived> {
  const system = machine.start(files);
  const said: string[] = [];
  try {
    const prepare = () =>
      prepareRuns(system, {
        ...{
          profileFolder: profileIn(root),
          runsFolder: runsIn(root),
          ids: [runId(of)],
          fresh: false,
          checkpoints: true,
        },
        onEvent: (event) => said.push(event.type),
      });
    prepare();
    const experiment = { name: 'sample', profile: 'smoke', files: { rules: {} }, runs: [of] } as const;
    const records = new ExperimentRecords(system, experiment, join(root, 'results'));
    const result = await executeRun(system, jobOf(runsIn(root), of), async () => fakeTrial(of, options), {
      shouldStop: () => false,
      report: (message) => said.push(message.type),
    });
    onResult?.();
    prepare();
    records.close();
    return { result, said };
  } finally {
    machine.kill(system);
  }
}

/** A folder in which a process was killed after the first steps, and the machine it lived on. */
export async function interruptedAfter(steps: number): Promise<{ root: string; machine: Machine }> {
  const root = scratchFolder();
  const machine = new Machine();
  await live(machine, root, realFileSystem, { stopAfter: steps });
  return { root, machine };
}
