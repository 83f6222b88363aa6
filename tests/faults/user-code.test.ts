import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adamRepro, writeTinySpec } from '../cli/built.ts';
import { scratchFolder } from '../results/machine.ts';
import { isRunning, until } from '../runner/processes.ts';
import { campaign, trials } from './campaign.ts';
import { Life, read, untilSecondCounts } from './processes.ts';

const nameOf = (trial: number) => `trial ${trial}`;
const linux = process.platform === 'linux';

const rules = {
  throws: `import { defineOptimizer, multiply } from 'adam-repro';
    export const optimizer = defineOptimizer({ name: 'throws', reference: 'none', hyper: { lr: 1 },
      scalars: (t) => { if (t > 6) throw new Error('no step ' + t); return {}; },
      update: ({ g }, _h, s) => ({ step: multiply(s.lr, g) }) });`,
  hangs: `import { defineOptimizer, multiply } from 'adam-repro';
    export const optimizer = defineOptimizer({ name: 'hangs', reference: 'none', hyper: { lr: 1 },
      scalars: (t) => { while (t > 6); return {}; },
      update: ({ g }, _h, s) => ({ step: multiply(s.lr, g) }) });`,
};

/** Two epochs of 4 steps of a user's rule, and of one that diverges, beside a sound one. */
function faultySpec(folder: string, rule: keyof typeof rules): void {
  writeFileSync(join(folder, 'rule.ts'), rules[rule]);
  writeFileSync(
    join(folder, 'faulty.yaml'),
    `data: { name: synthetic, trainExamples: 256, testExamples: 64 }
model: { type: logistic-regression, initialization: zeros }
training: { batchSize: 64, epochs: 2 }
evaluation: { every: 1 }
optimizers:
  faulty: { rule: ./rule.ts, lr: 0.1 }
  far: { rule: sgd, lr: 1e+38 }
  adam: { lr: 0.01 }
`,
  );
}

const command = ['run', 'faulty.yaml', '--engine', 'wasm', '--jobs', '2', '--output', 'results', '--json'];
const statusOf = (folder: string) => {
  const { stdout } = adamRepro(['status', '--json', '--output', 'results'], { cwd: folder });
  const { experiments } = JSON.parse(stdout) as {
    experiments: {
      runs: { optimizer: string; status: string; epochsDone: number; silentSeconds?: number }[];
    }[];
  };
  const runs = experiments.flatMap((experiment) => experiment.runs);
  return Object.fromEntries(runs.map((run) => [run.optimizer, run]));
};

describe.runIf(linux)("a user's rule", () => {
  it('that throws is failed with its words, a run that diverges keeps its rows, and others finish', () =>
    campaign('T19 a rule that throws, a run that diverges', trials(1, 30), nameOf, async () => {
      const folder = scratchFolder();
      faultySpec(folder, 'throws');
      const { status, stdout } = adamRepro(command, { cwd: folder });
      expect(status).toBe(1);
      expect(stdout).toContain('no step 7');
      const runs = statusOf(folder);
      expect(runs.faulty).toMatchObject({ status: 'failed', epochsDone: 1 });
      expect(runs.far).toMatchObject({ status: 'diverged' });
      expect(runs.adam).toMatchObject({ status: 'complete' });
      const parts = readdirSync(join(folder, 'results/faulty/quick/runs'));
      const failed = parts.find((name) => name.endsWith('.partial'))!;
      expect(read(join(folder, 'results/faulty/quick/runs', failed), 'failure.json')).toContain('no step 7');
      expect(read(folder, 'results/faulty/quick/curves.csv')).toMatch(/,far,.*,0,0,train,cost,/);
    }));

  it('that never returns holds nobody up, and Ctrl-C twice ends it', () =>
    campaign('T19 a rule that never returns', trials(1, 30), nameOf, async () => {
      const folder = scratchFolder();
      faultySpec(folder, 'hangs');
      const life = new Life(folder, { cli: true, jobs: 2, spec: 'faulty.yaml' });
      await untilOthersAreDone(folder, { far: 'diverged', adam: 'complete' });
      await showsSilenceAndEnds(folder, life);
    }));
});

/** Looks until the other runs are as they should be; the faulty one is in work then. */
async function untilOthersAreDone(folder: string, others: Readonly<Record<string, string>>): Promise<void> {
  const [experiment, count] = [statusFolder(folder), Object.keys(others).length];
  await until(() => {
    const runs = join(folder, 'results', experiment, 'quick/runs');
    const names = existsSync(runs) ? readdirSync(runs) : [];
    return names.filter((name) => /^[0-9a-f]+$/.test(name)).length === count ? true : undefined;
  });
  const statuses = Object.fromEntries(Object.entries(others).map(([name, status]) => [name, { status }]));
  expect(statusOf(folder)).toMatchObject({ faulty: { status: 'running' }, ...statuses });
}

/** Where the sound runs are: beside the faulty one, or in an experiment of their own. */
const statusFolder = (folder: string) => (existsSync(join(folder, 'tiny.yaml')) ? 'tiny' : 'faulty');

/** The run that hangs is shown as silent, and the second Ctrl-C ends the command. */
async function showsSilenceAndEnds(folder: string, life: Life): Promise<void> {
  const runs = join(folder, 'results/faulty/quick/runs');
  const attempt = await until(() => readdirSync(runs).find((name) => name.endsWith('.partial')));
  // Until the user's code hangs, the worker still shows signs of life: then it is aged again.
  await until(() => {
    const then = Date.now() / 1000 - 60;
    utimesSync(join(runs, attempt, 'timing.json'), then, then);
    const { stdout } = adamRepro(['status', '--output', 'results'], { cwd: folder });
    return stdout.includes('No sign of life: faulty seed 0 for 1') ? true : undefined;
  });
  expect(statusOf(folder).faulty!.silentSeconds).toBeGreaterThanOrEqual(60);
  life.signalGroup('SIGINT');
  await untilSecondCounts(life);
  life.signalGroup('SIGINT');
  expect((await life.ended).code).toBe(130);
  await until(() => (isRunning(life.pid) ? undefined : true));
  expect(statusOf(folder).faulty).toMatchObject({ status: 'interrupted' });
}

/** What a user's model does while its graph is built: everywhere, or only in the process that trains. */
const models = {
  throws: "if (process.send) throw new Error('no such layer');",
  hangs: 'while (process.send);',
  'throws at once': "throw new Error('no such layer');",
  'hangs at once': "writeFileSync('building', ''); for (;;);",
};

/** An experiment with a user's model, and a sound one. */
function modelSpecs(folder: string, model: keyof typeof models): void {
  writeFileSync(
    join(folder, 'model.ts'),
    `import { writeFileSync } from 'node:fs';
    import { classify, dense, flatten } from 'adam-repro';
    export const model = (input, context) => {
      ${models[model]}
      return classify(dense(context, flatten(input.x), input.classes, 'output', { type: 'zeros' }), input);
    };`,
  );
  writeFileSync(
    join(folder, 'faulty.yaml'),
    `data: { name: synthetic, trainExamples: 256, testExamples: 64 }
model: { type: file, file: ./model.ts }
training: { batchSize: 64, epochs: 2 }
evaluation: { every: 1 }
optimizers:
  faulty: { rule: sgd, lr: 0.1 }
`,
  );
  writeTinySpec(folder);
}

describe.runIf(linux)("a user's model", () => {
  it('that throws is failed with its words, and other experiments of the command finish', () =>
    campaign('T19 a model that throws', trials(1, 30), nameOf, async () => {
      const folder = scratchFolder();
      modelSpecs(folder, 'throws');
      const { status, stdout } = adamRepro([...command, 'tiny.yaml'], { cwd: folder });
      expect(status).toBe(1);
      expect(stdout).toContain('no such layer');
      expect(statusOf(folder)).toMatchObject({
        ...{ faulty: { status: 'failed', epochsDone: 0 } },
        ...{ adam: { status: 'complete' }, sgd: { status: 'complete' } },
      });
      const runs = join(folder, 'results/faulty/quick/runs');
      const failed = readdirSync(runs).find((name) => name.endsWith('.partial'))!;
      expect(read(join(runs, failed), 'failure.json')).toContain('no such layer');
    }));

  it('that never returns holds nobody up, and Ctrl-C twice ends it', () =>
    campaign('T19 a model that never returns', trials(1, 30), nameOf, async () => {
      const folder = scratchFolder();
      modelSpecs(folder, 'hangs');
      const life = new Life(folder, { cli: true, jobs: 2, spec: 'faulty.yaml', arguments: ['tiny.yaml'] });
      await untilOthersAreDone(folder, { adam: 'complete', sgd: 'complete' });
      await showsSilenceAndEnds(folder, life);
    }));

  it('that throws when the spec is read starts nothing', () => {
    const folder = scratchFolder();
    modelSpecs(folder, 'throws at once');
    const { status, stdout, stderr } = adamRepro([...command, 'tiny.yaml'], { cwd: folder });
    expect(status).toBe(2);
    expect(stdout + stderr).toContain('no such layer');
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });

  it('that never returns when the spec is read is ended by the first Ctrl-C', async () => {
    const folder = scratchFolder();
    modelSpecs(folder, 'hangs at once');
    const life = new Life(folder, { cli: true, spec: 'faulty.yaml' });
    await until(() => (existsSync(join(folder, 'building')) ? true : undefined));
    life.signalGroup('SIGINT');
    expect((await life.ended).signal).toBe('SIGINT');
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });
});
