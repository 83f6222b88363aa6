import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bin, cleanEnvironment, writeTinySpec } from '../cli/built.ts';
import { contentsOf, scratchFolder, stateOf } from '../results/machine.ts';
import { until } from '../runner/processes.ts';
import { campaign, everything, randomNumbers, sampled, trials, upTo } from './campaign.ts';
import { Life, live, makesGood, read, undisturbed, untilSecondCounts } from './processes.ts';

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

  // Elsewhere the full disk is the one of file-operations.test.ts alone.
  const mounts = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
  const skipped = mounts ? '' : ' (skipped: `unshare -Urm` may not mount a tmpfs here)';

  it.skipIf(!mounts)(
    `on a disk that is really full ends with a sentence, and goes on when there is space${skipped}`,
    () => {
      const sizes = upTo(20).map((i) => 8 + i * 8);
      // Those that cannot hold what is there in the end, and those that may.
      const needed = pagesOf(contents) * 4;
      const [few, some] = [sizes.filter((size) => size < needed), sizes.filter((size) => size >= needed)];
      const drawn = [...sampled('tmpfs', few, 1), ...sampled('tmpfs enough', some, 1)];
      return campaign('T5 a tmpfs of 8 to 160 KiB', drawn, nameOf, async (size) => {
        const folder = scratchFolder();
        writeTinySpec(folder);
        mkdirSync(join(folder, 'results'));
        const run = `"${process.execPath}" "${bin}" run tiny.yaml --output results --jobs 1 --engine wasm`;
        const script = `mount -t tmpfs -o size=${size}k none results
        ${run} >said 2>&1; echo $? >code
        mkdir first && cp -r results first/
        mount -o remount,size=10m results
        ${run} >said-again 2>&1 || exit 1
        mkdir kept && cp -r results kept/`;
        const options = { cwd: folder, env: cleanEnvironment(), encoding: 'utf8' } as const;
        const { status, stderr } = spawnSync('unshare', ['-Urm', 'sh', '-c', script], options);
        expect(status, stderr + read(folder, 'said-again')).toBe(0);
        const said = read(folder, 'said');
        const code = read(folder, 'code').trim();
        if (code === '0') {
          expect(size).toBeGreaterThanOrEqual(needed);
          expect(contentsOf(join(folder, 'first/results'))).toEqual(contents);
        } else {
          expect(code, said).toBe('1');
          expect(said).toMatch(/results\/.* cannot be (written|made), no space is left \(ENOSPC\): free/);
        }
        expect(contentsOf(join(folder, 'kept/results'))).toEqual(contents);
      });
    },
  );

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

/** Of 4 KiB, which files of these contents fill at least. */
const pagesOf = (contents: Readonly<Record<string, string>>): number =>
  Object.values(contents)
    .filter((text) => text !== '(folder)')
    .reduce((pages, text) => pages + Math.ceil(text.length / 4096), 0);

const pathsIn = (folder: string): string[] => [
  folder,
  ...(readdirSync(folder, { recursive: true }) as string[]).map((name) => join(folder, name)),
];

function chmodAll(folder: string, mode: number): void {
  for (const path of pathsIn(folder)) chmodSync(path, mode);
}
