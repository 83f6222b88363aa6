import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { experimentsIn, readResults } from '../../src/cli/summaries.ts';
import { UserError } from '../../src/errors.ts';
import { localSystem } from '../../src/results/index.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import type { OpenJob } from '../../src/runner/job.ts';
import { scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { fakeTrial, jobOf } from '../runner/fake-trial.ts';

const run = sampleRun();

function work(resultsFolder: string, openJob: OpenJob, shouldStop = false) {
  const job = jobOf(join(resultsFolder, 'm1', 'quick', 'runs'), run);
  const control = { shouldStop: () => shouldStop, report: () => {} };
  return executeRun(localSystem(), job, openJob, control);
}

describe('readResults', () => {
  it('lists a run that failed before its first step, with the reason', async () => {
    const folder = scratchFolder();
    const openJob = () => Promise.reject(new UserError('The rule returns nothing.'));
    await expect(work(folder, openJob)).rejects.toThrow('The rule returns nothing.');
    expect(readResults(folder, 'm1')).toMatchObject([
      {
        profile: 'quick',
        runs: [
          {
            ...{ optimizer: 'adam', seed: 0, status: 'failed', reason: 'The rule returns nothing.' },
            ...{ epochsDone: 0, epochs: 3, engine: 'reference', settings: run },
          },
        ],
      },
    ]);
    // And the next start tries again.
    expect(await work(folder, async () => fakeTrial(run))).toMatchObject({ status: 'complete' });
    expect(readResults(folder)[0]!.runs).toMatchObject([{ status: 'complete', epochsDone: 3 }]);
  });

  it('lists a run that was stopped before its first step', async () => {
    const folder = scratchFolder();
    await work(folder, async () => fakeTrial(run), true);
    expect(readResults(folder)[0]!.runs).toMatchObject([{ status: 'interrupted', epochsDone: 0 }]);
  });

  it('lists a run whose trial is being opened', async () => {
    const folder = scratchFolder();
    let status: string | undefined;
    await work(folder, async () => {
      status = readResults(folder)[0]?.runs[0]?.status;
      return fakeTrial(run);
    });
    expect(status).toBe('running');
  });

  it('finds nothing where there is no folder', () => {
    const folder = join(scratchFolder(), 'none');
    expect([readResults(folder), experimentsIn(folder)]).toEqual([[], []]);
  });
});
