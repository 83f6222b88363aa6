import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { executeRun } from '../../src/runner/execute-run.ts';
import { ExperimentRecords } from '../../src/runner/experiment-records.ts';
import { planRuns } from '../../src/runner/index.ts';
import { prepareRuns } from '../../src/runner/prepare-runs.ts';
import { runId } from '../../src/spec/hash.ts';
import { bin, writeTinySpec } from '../cli/built.ts';
import { Machine, scratchFolder, stateOf } from '../results/machine.ts';
import { sampleRun } from '../results/sample-run.ts';
import { fakeTrial, jobOf } from '../runner/fake-trial.ts';
import { until } from '../runner/processes.ts';
import { campaign, everything, sampled, trials, upTo } from './campaign.ts';
import { profileIn, runsIn } from './in-process.ts';
import { Life, live, statesIn, undisturbed } from './processes.ts';

/** What only reads the results folder, or writes elsewhere, and what it says. */
const readers: Record<string, string[]> = {
  status: ['status'],
  'status of one': ['status', 'tiny.yaml', '--json'],
  report: ['report', 'tiny.yaml', '--to', 'page.html'],
  compare: ['compare', 'results', 'others'],
  'compare two': ['compare', 'results', 'tiny', '--optimizers', 'adam,sgd'],
  verify: ['verify', '--csv', 'table.csv'],
  plot: ['plot', 'tiny.yaml', '--to', 'figures', '--data'],
  'dry run': ['run', 'tiny.yaml', '--engine', 'wasm', '--dry-run'],
};

describe.runIf(process.platform === 'linux')('reading', async () => {
  const { operations } = await undisturbed({ cli: true });
  const others = scratchFolder();
  writeTinySpec(others);
  expect((await live(others, { cli: true })).code).toBe(0);

  it('changes nothing while a run is at work, and waits for nobody', () => {
    const places = upTo(5).map((i) => 1 + Math.floor(((i + 0.5) * operations.length) / 5));
    const all = places.flatMap((at) => Object.keys(readers).map((name) => ({ at, name })));
    return campaign(
      'T20 commands that read, beside a run that is paused',
      sampled('readers', all, 8),
      ({ at, name }) => `${name} at ${at}`,
      async ({ at, name }) => {
        const folder = scratchFolder();
        const life = new Life(folder, { cli: true, fault: { action: 'pause', at } });
        await until(() => (life.fired ? true : undefined));
        life.signalGroup('SIGSTOP');
        await until(() => (statesIn(life.pid).every((state) => state === 'T') ? true : undefined));
        cpSync(join(others, 'results'), join(folder, 'others'), { recursive: true });
        const before = stateOf(join(folder, 'results'));
        const program = [bin, ...readers[name]!];
        const { code, output, errors, life: reader } = await live(folder, { program });
        // Where there are no results yet, that is said.
        expect(code, errors).toBeLessThanOrEqual(errors.includes('error: ') ? 2 : 0);
        const claimed = before.some(([path]) => /\.partial\/timing\.json$/.test(String(path)));
        if (name === 'status' && claimed) expect(output).toContain('running');
        expect(reader.operations()).toEqual([]);
        expect(stateOf(join(folder, 'results'))).toEqual(before);
        life.signalGroup('SIGKILL');
        await life.ended;
      },
    );
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
