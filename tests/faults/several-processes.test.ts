import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { planRuns } from '../../src/runner/index.ts';
import { runId } from '../../src/spec/hash.ts';
import type { ResolvedRun } from '../../src/spec/run.ts';
import { scratchFolder } from '../results/machine.ts';
import { notesIn, slowRun, stepDone, until } from '../runner/processes.ts';
import { campaign, randomNumbers, sampled, trials, upTo } from './campaign.ts';
import { Life, live, makesGood, sameContents, statesIn, tinyRuns, undisturbed } from './processes.ts';

const [first, second] = tinyRuns as [ResolvedRun, ResolvedRun];
const nameOf = (trial: number | string) => `trial ${trial}`;

/** Ids of the runs in the order in which trials of them were opened. */
const opened = (folder: string) => notesIn(folder).flatMap(({ what, id }) => (what === 'open' ? [id] : []));

/** Lets every attempt's last sign of life be so many minutes ago. */
function letTimePass(folder: string, minutes: number): void {
  const runs = join(folder, 'results/sample/smoke/runs');
  const then = Date.now() / 1000 - minutes * 60;
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    const timing = join(runs, name, 'timing.json');
    if (name.endsWith('.partial') && existsSync(timing)) utimesSync(timing, then, then);
  }
}

describe.runIf(process.platform === 'linux')('several processes', async () => {
  const { contents, operations } = await undisturbed();

  it('of which all are killed at random times, again and again, lose no checkpoint', {
    timeout: 600_000,
  }, async () => {
    const steps = 5 * 4;
    const runs = upTo(6).map((seed) => ({ ...slowRun('adam', {}, 5), seed }));
    const expected = (await undisturbed({ runs, jobs: 4 })).contents;
    await campaign('T2 kill -9 of everything at random times', trials(20, 300), nameOf, async (trial) => {
      const random = randomNumbers(`T2 ${trial}`);
      const folder = scratchFolder();
      let kills = 0;
      let done = runs.map(() => 0);
      while (kills < 3 || random() < 0.5) {
        const life = new Life(folder, { runs, jobs: 4 });
        await Promise.race([setTimeout(80 + random() * 350), life.ended]);
        life.signalGroup('SIGKILL');
        await life.ended;
        kills++;
        const now = planRuns(
          { name: 'sample', profile: 'smoke', files: { rules: {} }, runs },
          { resultsFolder: join(folder, 'results') },
        ).map(({ epochsDone }) => epochsDone);
        for (const [i, epochs] of now.entries()) expect(epochs).toBeGreaterThanOrEqual(done[i]!);
        done = now;
      }
      await makesGood(folder, expected, { runs, jobs: 4 });
      const executed = notesIn(folder).filter(({ what }) => what === 'step').length;
      // A checkpoint is written every 4 steps.
      expect(executed).toBeLessThanOrEqual(runs.length * steps + kills * 4 * 4);
    });
  });

  it('of which the parent is killed end, and leave what the next start needs', () =>
    campaign('T3 kill -9 of the parent', trials(2, 100), nameOf, async (trial) => {
      const random = randomNumbers(`T3 ${trial}`);
      const folder = scratchFolder();
      const life = new Life(folder, { jobs: 2 });
      await Promise.race([setTimeout(random() * 400), life.ended]);
      life.signal('SIGKILL');
      const killed = performance.now();
      await life.ended;
      await until(() => (statesIn(life.pid).length === 0 ? true : undefined));
      // Half a second for a busy machine.
      expect(performance.now() - killed).toBeLessThan(2500);
      await makesGood(folder, contents);
    }));

  it('of which the parent is killed end even where a rule never returns', () =>
    campaign('T3 kill -9 of the parent of a rule that never returns', trials(1, 30), nameOf, async () => {
      const folder = scratchFolder();
      const life = new Life(folder, { runs: [slowRun('endless', { hangAt: 2 }, 2)] });
      await until(() => (notesIn(folder).some(({ step }) => step === 2) ? true : undefined));
      life.signal('SIGKILL');
      const killed = performance.now();
      await life.ended;
      await until(() => (statesIn(life.pid).length === 0 ? true : undefined));
      expect(performance.now() - killed).toBeLessThan(2500);
    }));

  it('of which a worker is killed are made good by the same command, and the others are not disturbed', async () => {
    const [a, b] = [slowRun('adam', { stepMs: 30 }, 2), slowRun('sgd', { stepMs: 30 }, 2)];
    const expected = (await undisturbed({ runs: [a, b], jobs: 2 })).contents;
    await campaign('T3 kill -9 of a worker at a random step', trials(2, 100), nameOf, async (trial) => {
      const random = randomNumbers(`T3 worker ${trial}`);
      const folder = scratchFolder();
      const [victim, other] = random() < 0.5 ? [a, b] : [b, a];
      const life = new Life(folder, { runs: [a, b], jobs: 2 });
      const pid = await stepDone(folder, victim, 1 + Math.floor(random() * 6));
      process.kill(pid, 'SIGKILL');
      const { code, output, errors } = await life.ended;
      expect(code, errors).toBe(0);
      expect(output.match(/"retried"/g)).toHaveLength(1);
      sameContents(folder, expected);
      expect(opened(folder).filter((id) => id === runId(other)).length).toBe(1);
    });
  });

  it('of which a worker is killed whenever it needs most: its run fails, the others go on', () =>
    campaign('T14 kill -9 of every worker of a run', trials(1, 50), nameOf, async (trial) => {
      const folder = scratchFolder();
      const runs = [slowRun('hoarder', { killAt: (trial % 7) + 1 }, 2), second];
      const { code, output } = await live(folder, { runs, jobs: 2 });
      expect(code).toBe(0);
      const states = JSON.parse(output.trim().split('\n').at(-1)!).states as {
        status: string;
        reason?: string;
      }[];
      expect(states[0]!.reason).toContain('killed (signal 9, likely memory)');
      expect(states.map(({ status }) => status)).toEqual(['failed', 'complete']);
      await live(folder, { runs, jobs: 2 });
      expect(opened(folder).filter((id) => id === runId(runs[0]!)).length).toBe(6);
      expect(opened(folder).filter((id) => id === runId(second)).length).toBe(1);
    }));

  it('of which a worker needs too much memory: the others go on, and so does the next start', () =>
    campaign('T14 out of memory', trials(1, 50), nameOf, async (trial) => {
      const folder = scratchFolder();
      const runs = [slowRun('hoarder', { hoardAt: (trial % 7) + 1 }, 2), second];
      const env = { NODE_OPTIONS: '--max-old-space-size=64' };
      const { output } = await live(folder, { runs, jobs: 2, env });
      expect(output).toContain('the worker process ran out of memory');
      const states = JSON.parse(output.trim().split('\n').at(-1)!).states as { status: string }[];
      expect(states.map(({ status }) => status)).toEqual(['failed', 'complete']);
      const tried = opened(folder).filter((id) => id === runId(runs[0]!)).length;
      await live(folder, { runs, jobs: 2, env });
      expect(opened(folder).filter((id) => id === runId(runs[0]!)).length).toBeGreaterThan(tried);
      expect(opened(folder).filter((id) => id === runId(second)).length).toBe(1);
    }));

  it.each([2, 8])('%i commands at once do every run once', (instances) =>
    campaign(
      `T7 ${instances} commands at the same moment`,
      trials(instances === 2 ? 3 : 1, instances === 2 ? 200 : 50),
      nameOf,
      async () => {
        const folder = scratchFolder();
        const barrier = join(folder, 'barrier');
        mkdirSync(barrier);
        const NODE_OPTIONS = `--import ${pathToFileURL(join(import.meta.dirname, 'barrier.mjs')).href}`;
        const lives = upTo(instances).map(
          () => new Life(folder, { jobs: 2, env: { NODE_OPTIONS, BARRIER: barrier } }),
        );
        await until(() => (readdirSync(barrier).length === instances ? true : undefined));
        writeFileSync(join(barrier, 'go'), '');
        for (const { ended } of lives) {
          const { code, output, errors } = await ended;
          expect(code, errors).toBe(0);
          expect(output.match(/"status":"complete"/g)!.length).toBeGreaterThanOrEqual(2);
        }
        expect(opened(folder).sort()).toEqual(tinyRuns.map(runId).sort());
        sameContents(folder, contents);
      },
    ),
  );

  it('do not free what another one has when they finish', () =>
    campaign('T8 a command that finishes while another one works', trials(2, 50), nameOf, async (trial) => {
      const folder = scratchFolder();
      const a = new Life(folder, { runs: [first], env: { TRIAL_PAUSE: String((trial % 7) + 1) } });
      await stepDone(folder, first, (trial % 7) + 1);
      expect((await live(folder, { runs: [second] })).code).toBe(0);
      const c = new Life(folder);
      await until(() => (c.output.includes('"waiting"') ? true : undefined));
      expect(opened(folder)).toEqual([runId(first), runId(second)]);
      a.signalGroup('SIGKILL');
      expect((await c.ended).code).toBe(0);
      expect(opened(folder)).toEqual([runId(first), runId(second), runId(first)]);
      sameContents(folder, contents);
    }));

  it('of which one is paused on another machine, replaced and woken up: it changes nothing any more', () =>
    campaign(
      'T9 the holder of a run paused before every file operation, replaced, and woken up',
      sampled('T9', upTo(operations.length), 6),
      (k) => `pause ${k + 1}`,
      async (k) => {
        const folder = scratchFolder();
        const a = new Life(folder, { host: 'a', fault: { action: 'pause', at: k + 1 } });
        await until(() => (statesIn(a.pid).includes('T') ? true : undefined));
        letTimePass(folder, 20);
        const b = await live(folder, { host: 'b' });
        expect(b.code, b.errors).toBe(0);
        a.signalGroup('SIGCONT');
        const { code, errors } = await a.ended;
        expect(code, errors).toBe(0);
        sameContents(folder, contents);
      },
    ));

  it('of which one is woken up while its successor works: they come to the same end', () =>
    campaign(
      'T9 the holder of a run woken up while its successor is paused',
      trials(2, 100),
      nameOf,
      async (trial) => {
        const random = randomNumbers(`T9 ${trial}`);
        const place = () => 1 + Math.floor(random() * operations.length);
        const folder = scratchFolder();
        const a = new Life(folder, { host: 'a', fault: { action: 'pause', at: place() } });
        await until(() => (statesIn(a.pid).includes('T') ? true : undefined));
        letTimePass(folder, 20);
        const b = new Life(folder, { host: 'b', fault: { action: 'pause', at: place() } });
        await until(() => (b.over || statesIn(b.pid).includes('T') ? true : undefined));
        a.signalGroup('SIGCONT');
        await Promise.race([setTimeout(600), a.ended]);
        b.signalGroup('SIGCONT');
        for (const { ended } of [a, b]) {
          const { code, errors } = await ended;
          expect(code, errors).toBe(0);
        }
        sameContents(folder, contents);
      },
    ));
});
