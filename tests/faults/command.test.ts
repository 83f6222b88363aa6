import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { adamRepro, bin, cleanEnvironment, writeTinySpec } from '../cli/built.ts';
import { contentsOf, scratchFolder } from '../results/machine.ts';
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

  it('ended by Ctrl-C twice goes on to the same bytes', () =>
    campaign('T13 SIGINT twice', trials(1, 100), nameOf, async (trial) => {
      const random = randomNumbers(`twice ${trial}`);
      const folder = scratchFolder();
      const life = new Life(folder, long);
      await Promise.race([setTimeout(random() * 1500), life.ended]);
      life.signalGroup('SIGINT');
      await Promise.race([setTimeout(210), life.ended]);
      const told = performance.now();
      life.signalGroup('SIGINT');
      await life.ended;
      if (everything) expect(performance.now() - told).toBeLessThan(2000);
      await makesGood(folder, longContents, long);
    }));

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

  it('in a folder that is read-only ends with a sentence and starts nothing', async () => {
    const folder = scratchFolder();
    writeTinySpec(folder);
    mkdirSync(join(folder, 'results'));
    chmodSync(join(folder, 'results'), 0o555);
    const uid = process.getuid!() === 0 ? 65_534 : undefined;
    chmodSync(folder, 0o777);
    const { code, output } = await live(folder, { cli: true, uid });
    expect(code).toBe(1);
    expect(output).toContain('the folder is read-only for you (EACCES)');
    expect(readdirSync(join(folder, 'results'))).toEqual([]);
    chmodSync(join(folder, 'results'), 0o755);
    await makesGood(folder, contents, { cli: true });
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
  const runs = JSON.parse(stdout).experiments[0].runs as {
    optimizer: string;
    status: string;
    epochsDone: number;
    silentSeconds?: number;
  }[];
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
      await until(() => {
        const runs = join(folder, 'results/faulty/quick/runs');
        const names = existsSync(runs) ? readdirSync(runs) : [];
        return names.filter((name) => /^[0-9a-f]+$/.test(name)).length === 2 ? true : undefined;
      });
      expect(statusOf(folder)).toMatchObject({
        ...{ faulty: { status: 'running' }, far: { status: 'diverged' }, adam: { status: 'complete' } },
      });
      const runs = join(folder, 'results/faulty/quick/runs');
      const attempt = readdirSync(runs).find((name) => name.endsWith('.partial'))!;
      // Until the rule hangs, the worker still shows signs of life: then it is aged again.
      await until(() => {
        const then = Date.now() / 1000 - 60;
        utimesSync(join(runs, attempt, 'timing.json'), then, then);
        const { stdout } = adamRepro(['status', '--output', 'results'], { cwd: folder });
        return stdout.includes('No sign of life: faulty seed 0 for 1') ? true : undefined;
      });
      expect(statusOf(folder).faulty!.silentSeconds).toBeGreaterThanOrEqual(60);
      life.signalGroup('SIGINT');
      await setTimeout(250);
      life.signalGroup('SIGINT');
      expect((await life.ended).code).toBe(130);
      await until(() => (isRunning(life.pid) ? undefined : true));
      expect(statusOf(folder).faulty).toMatchObject({ status: 'interrupted' });
    }));
});
