import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { adamRepro, bin, cleanEnvironment, writeTinySpec } from '../cli/built.ts';
import { contentsOf, scratchFolder, stateOf } from '../results/machine.ts';
import { isRunning, until } from '../runner/processes.ts';
import { campaign, everything, randomNumbers, sampled, trials, upTo } from './campaign.ts';
import { Life, live, makesGood, undisturbed } from './processes.ts';

const nameOf = (trial: number | string) => `trial ${trial}`;
const linux = process.platform === 'linux';

describe.runIf(linux)('the command', async () => {
  const { contents } = await undisturbed({ cli: true });
  const long = { cli: true, jobs: 2, arguments: ['--epochs', '60'] };
  const longContents = (await undisturbed(long)).contents;

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ended by %s goes on to the same bytes', (signal) =>
    campaign(`T13 ${signal} at random times`, trials(2, 100), nameOf, async (trial) => {
      const random = randomNumbers(`${signal} ${trial}`);
      const folder = scratchFolder();
      const life = new Life(folder, long);
      await Promise.race([setTimeout(random() * 1500), life.ended]);
      const told = performance.now();
      if (random() < 0.5) life.signalGroup(signal);
      else life.signal(signal);
      const { code, errors } = await life.ended;
      if (everything) expect(performance.now() - told).toBeLessThan(5000);
      if (code !== null && code > 128) {
        expect(errors).toContain('Go on with: adam-repro run tiny.yaml');
        expect(existsSync(join(folder, 'results/tiny/quick/tiny-quick.svg'))).toBe(false);
      }
      await makesGood(folder, longContents, long);
    }),
  );

  it('ended by Ctrl-C twice in the middle of a step goes on to the same bytes', async () => {
    const options = { cli: true, jobs: 2, spec: 'waiting.yaml' };
    const sound = scratchFolder();
    waitingSpec(sound);
    expect((await live(sound, options)).code).toBe(0);
    const expected = contentsOf(join(sound, 'results'));
    await campaign('T13 SIGINT twice', trials(1, 100), nameOf, async (trial) => {
      const random = randomNumbers(`twice ${trial}`);
      const folder = scratchFolder();
      waitingSpec(folder);
      writeFileSync(join(folder, 'wait-at'), String(8 + Math.floor(random() * 80)));
      const life = new Life(folder, options);
      await until(() => (existsSync(join(folder, 'waiting')) ? true : undefined));
      life.signalGroup('SIGINT');
      await untilSecondCounts(life);
      const told = performance.now();
      life.signalGroup('SIGINT');
      const { code, errors } = await life.ended;
      const took = performance.now() - told;
      expect(code).toBe(130);
      expect(errors).toContain('is lost. Go on with: ');
      // It did not wait for the step.
      expect(errors).not.toContain('Stopped. Go on with: ');
      if (everything) expect(took).toBeLessThan(quitMilliseconds);
      rmSync(join(folder, 'wait-at'));
      await makesGood(folder, expected, options);
    });
  });

  it('on a disk that is really full ends with a sentence, and goes on when there is space', () => {
    const probe = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
    // Where user name spaces are forbidden, the full disk is the one of file-operations.test.ts.
    if (probe.status !== 0) return undefined;
    const sizes = upTo(20).map((i) => 8 + i * 8);
    return campaign('T5 a tmpfs of 8 to 160 KiB', sampled('tmpfs', sizes, 2), nameOf, async (size) => {
      const folder = scratchFolder();
      writeTinySpec(folder);
      mkdirSync(join(folder, 'results'));
      const run = `"${process.execPath}" "${bin}" run tiny.yaml --output results --jobs 1 --engine wasm`;
      const script = `mount -t tmpfs -o size=${size}k none results
        ${run} >said 2>&1; echo $? >code
        mount -o remount,size=10m results
        ${run} >said-again 2>&1 || exit 1
        mkdir kept && cp -r results kept/`;
      const options = { cwd: folder, env: cleanEnvironment(), encoding: 'utf8' } as const;
      const { status, stderr } = spawnSync('unshare', ['-Urm', 'sh', '-c', script], options);
      expect(status, stderr + read(folder, 'said-again')).toBe(0);
      if (read(folder, 'code').trim() !== '0') {
        expect(read(folder, 'said')).toMatch(
          /results\/.* cannot be (written|made), no space is left \(ENOSPC\): free/,
        );
      }
      expect(contentsOf(join(folder, 'kept/results'))).toEqual(contents);
    });
  });

  it('under a limit on file sizes ends with a sentence, and goes on without it', () =>
    campaign('T6 EFBIG by ulimit -f', trials(1, 20), nameOf, async (trial) => {
      const folder = scratchFolder();
      // In blocks of 512 bytes, from one to more than enough.
      const largest = Math.max(...Object.values(contents).map((text) => text.length)) / 512;
      const limit = 1 + Math.floor((trial * largest) / 15);
      const { code, output } = await live(folder, { cli: true, prelude: `ulimit -f ${limit}` });
      if (code !== 0)
        expect(output).toMatch(/results\/.* cannot be written, it exceeds the limit on file sizes/);
      expect(code === 0).toBe(limit >= largest);
      await makesGood(folder, contents, { cli: true });
    }));

  it('in a folder that is read-only ends with a sentence, changes nothing, and goes on when it may', async () => {
    const { operations } = await undisturbed({ cli: true });
    const depths = ['', 'tiny', 'tiny/quick', 'tiny/quick/runs', 'all'];
    const all = depths.flatMap((depth) => upTo(4).map((life) => ({ depth, life })));
    await campaign(
      'T6 read-only folders',
      sampled('read-only', all, 3),
      ({ depth, life }) => `results/${depth} after life ${life}`,
      async ({ depth, life }) => {
        const folder = scratchFolder();
        chmodSync(folder, 0o777);
        writeTinySpec(folder);
        const results = join(folder, 'results');
        mkdirSync(join(results, depth === 'all' ? '' : depth), { recursive: true });
        chmodAll(results, 0o777);
        // Nothing is there, or what a process has left that was killed early, in the middle or late.
        const at = Math.floor((life * operations.length) / 4);
        if (life > 0) {
          const { signal } = await live(folder, { cli: true, fault: { action: 'before', at, tree: true } });
          expect(signal).toBe('SIGKILL');
        }
        // For root no folder is read-only.
        const uid = process.getuid!() === 0 ? 65_534 : undefined;
        if (uid !== undefined) for (const path of pathsIn(results)) chownSync(path, uid, uid);
        const options = { cli: true, uid };
        if (depth === 'all') chmodAll(results, 0o555);
        else chmodSync(join(results, depth), 0o555);
        const before = stateOf(results);
        const { code, output, errors } = await live(folder, options);
        // Where the folder is one that nothing has to be made in any more, the rest is done.
        if (code !== 0) {
          expect(code).toBe(1);
          expect(output + errors).toMatch(
            /results.* cannot be (made|written|removed|renamed).*the folder is read-only for you \(EACCES\)/,
          );
        }
        if (depth === 'all') {
          expect(code).toBe(1);
          expect(stateOf(results)).toEqual(before);
        }
        chmodAll(results, 0o777);
        await makesGood(folder, contents, options);
      },
    );
  });

  it('names the path where curves.csv is a folder', async () => {
    const folder = scratchFolder();
    const table = join(folder, 'results/tiny/quick/curves.csv');
    mkdirSync(table, { recursive: true });
    const { code, output } = await live(folder, { cli: true });
    expect(code).toBe(1);
    expect(output).toContain(`${table} is no file, a folder is in its place (EISDIR)`);
  });
});

/** At most 0.5 s from the second Ctrl-C to the end, and as much again for a busy machine. */
const quitMilliseconds = 1000;

/** A second Ctrl-C within 0.2 s of the first one is taken for the same one. */
async function untilSecondCounts(life: Life): Promise<void> {
  await until(() => (life.errors.includes('Ctrl-C again to quit now') ? true : undefined));
  await setTimeout(210);
}

/** A rule that waits at the step named in the file `wait-at` as long as there is one, beside a shipped rule. */
function waitingSpec(folder: string): void {
  writeFileSync(
    join(folder, 'rule.ts'),
    `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    import { defineOptimizer, multiply } from 'adam-repro';
    const waitAt = existsSync('wait-at') ? Number(readFileSync('wait-at', 'utf8')) : Infinity;
    export const optimizer = defineOptimizer({ name: 'waits', reference: 'none', hyper: { lr: 1 },
      scalars: (t) => {
        if (t >= waitAt) writeFileSync('waiting', '');
        while (t >= waitAt && existsSync('wait-at'));
        return {};
      },
      update: ({ g }, _h, s) => ({ step: multiply(s.lr, g) }) });`,
  );
  writeTinySpec(folder, { name: 'waiting', epochs: 22 });
  appendFileSync(join(folder, 'waiting.yaml'), '  waits: { rule: ./rule.ts, lr: 0.1 }\n');
}

const pathsIn = (folder: string): string[] => [
  folder,
  ...(readdirSync(folder, { recursive: true }) as string[]).map((name) => join(folder, name)),
];

function chmodAll(folder: string, mode: number): void {
  for (const path of pathsIn(folder)) chmodSync(path, mode);
}

function read(folder: string, name: string): string {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
}

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
