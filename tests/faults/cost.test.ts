import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { ExperimentRecords } from '../../src/runner/experiment-records.ts';
import { planRuns } from '../../src/runner/index.ts';
import { prepareRuns } from '../../src/runner/prepare-runs.ts';
import { runId } from '../../src/spec/hash.ts';
import { bin } from '../cli/built.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { fakeTrial, jobOf } from '../runner/fake-trial.ts';
import { until } from '../runner/processes.ts';
import { campaign, everything, trials, upTo } from './campaign.ts';
import { profileIn, runsIn } from './in-process.ts';
import { Life, live, undisturbed } from './processes.ts';

describe.runIf(process.platform === 'linux')('reading', async () => {
  const { operations } = await undisturbed();

  it('status changes nothing while a run is at work, and needs to wait for nobody', async () => {
    const folder = scratchFolder();
    const life = new Life(folder, { fault: { action: 'pause', at: Math.floor(operations.length / 3) } });
    await until(() => (life.fired ? true : undefined));
    const before = contentsOf(join(folder, 'results'));
    const {
      code,
      output,
      life: reader,
    } = await live(folder, { program: [bin, 'status', '--output', 'results'] });
    expect(code).toBe(0);
    expect(output).toContain('running');
    expect(reader.operations()).toEqual([]);
    expect(contentsOf(join(folder, 'results'))).toEqual(before);
    life.signalGroup('SIGKILL');
    await life.ended;
  });
});

describe('a start beside many finished runs', () => {
  it('comes to its first run soon', async () => {
    const runs = upTo(everything ? 1000 : 20).map((seed) => sampleRun({ epochs: 2, seed }));
    const root = scratchFolder();
    const system = new Machine().start(realFileSystem);
    for (const run of runs) {
      await executeRun(system, jobOf(runsIn(root), run), async () => fakeTrial(run), {
        shouldStop: () => false,
        report: () => {},
      });
    }
    expect(readdirSync(runsIn(root)).length).toBe(runs.length);
    const experiment = { name: 'sample', profile: 'smoke', files: { rules: {} }, runs } as const;
    await campaign(
      'T20 at most 2 s of processor time to the first run beside 1,000 finished ones',
      trials(1, 5),
      (trial) => `trial ${trial}`,
      () => {
        const before = process.cpuUsage();
        planRuns(experiment, { resultsFolder: join(root, 'results') });
        const ids = runs.map((run) => runId(run));
        const places = { profileFolder: profileIn(root), runsFolder: runsIn(root), ids };
        prepareRuns(system, { ...places, fresh: false, checkpoints: true, onEvent: () => {} });
        const records = new ExperimentRecords(system, experiment, join(root, 'results'));
        for (const id of ids) expect(records.read(id).state.status).toBe('complete');
        // Of the processor, so that other work on the machine does not count.
        const { user, system: kernel } = process.cpuUsage(before);
        expect((user + kernel) / 1e6).toBeLessThan(2);
      },
    );
  });
});
