import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../../src/spec/hash.ts';
import { scratchFolder } from '../results/machine.ts';
import { campaign, everything, sampled, upTo } from './campaign.ts';
import { live, makesGood, sameContents, tinyRuns, undisturbed } from './processes.ts';
import { gaveUp, reliedOn, toldOrMadeGood } from './told.ts';

const { errno } = constants;
const runsIn = (folder: string) => join(folder, 'results/sample/smoke/runs');

/** The finished runs, by what tells whether a file was written anew. */
function finished(folder: string): Record<string, number[]> {
  const names = existsSync(runsIn(folder)) ? readdirSync(runsIn(folder)) : [];
  const files = names
    .filter((name) => tinyRuns.some((run) => runId(run) === name))
    .flatMap((name) => readdirSync(join(runsIn(folder), name)).map((file) => join(name, file)));
  return Object.fromEntries(
    files.map((file) => {
      const { ino, mtimeMs } = statSync(join(runsIn(folder), file));
      return [file, [ino, mtimeMs]];
    }),
  );
}

/** How often a run was opened. */
function openings(folder: string, id: string): number {
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
  return log.split('\n').filter((line) => line.startsWith(`open ${id} `)).length;
}

describe.runIf(process.platform === 'linux')('at every file operation', async () => {
  const { contents, operations } = await undisturbed();
  const places = upTo(operations.length).map((k) => k + 1);
  const writes = places.filter((k) => operations[k - 1]!.startsWith('write '));
  const syncs = operations.filter((operation) => operation.startsWith('fsync '));

  it('there is something to go wrong', () => {
    expect(writes.length).toBeGreaterThan(20);
    expect(syncs.length).toBeGreaterThan(20);
  });

  const kills = places.flatMap((at) => [
    { action: 'before', at, tree: true },
    ...(writes.includes(at) ? [{ action: 'half', at, tree: true }] : []),
    { action: 'after', at, tree: true },
  ]);

  it('kill -9 of all processes is made good by the next start, and nothing finished is done again', () =>
    campaign(
      'T1 kill -9 of all at every file operation',
      sampled('T1', kills, 20),
      ({ action, at }) => `${action} ${at}`,
      async (fault) => {
        const folder = scratchFolder();
        const { signal } = await live(folder, { fault });
        expect(signal).toBe('SIGKILL');
        const before = finished(folder);
        const opened = tinyRuns.map((run) => openings(folder, runId(run)));
        await makesGood(folder, contents);
        expect(finished(folder)).toMatchObject(before);
        tinyRuns.forEach((run, i) => {
          if (`${runId(run)}/run.json` in before) expect(openings(folder, runId(run))).toBe(opened[i]);
        });
      },
    ));

  it('kill -9 of a worker is made good by the same command, and of the parent by the next start', () =>
    campaign(
      'T3 kill -9 of one process at every file operation',
      sampled(
        'T3',
        kills.filter(({ action }) => action !== 'after'),
        8,
      ),
      ({ action, at }) => `${action} ${at}`,
      async (fault) => {
        const folder = scratchFolder();
        const { code, signal, output } = await live(folder, { fault: { ...fault, tree: false } });
        if (signal === null) {
          expect(code).toBe(0);
          expect(output).not.toContain('"failed"');
          sameContents(folder, contents);
        }
        await makesGood(folder, contents);
      },
    ));

  it('a disk that is full from there on ends with a sentence, and more space makes it good', () =>
    campaign(
      'T5 disk full from every file operation on',
      sampled('T5', places, 12),
      (at) => `full ${at}`,
      async (at) => {
        const folder = scratchFolder();
        const fault = { action: `full:${errno.ENOSPC}`, at };
        const ended = await live(folder, { fault });
        const before = finished(folder);
        if (ended.life.fired) {
          const said = ended.output + ended.errors;
          expect(gaveUp(ended), said).toBe(true);
          expect(said).toMatch(/cannot be written, no space is left \(ENOSPC\)/);
          expect(said).toContain(join(folder, 'results'));
        } else {
          expect(ended.code).toBe(0);
          sameContents(folder, contents);
        }
        await makesGood(folder, contents);
        expect(finished(folder)).toMatchObject(before);
      },
    ));

  it.each(['EIO', 'EACCES', 'EFBIG', 'EDQUOT'] as const)('%s there is reported, and made good', (name) =>
    campaign(
      `T6 ${name} at every file operation`,
      sampled(name, places, 4, 20),
      (at) => `${name} ${at}`,
      async (at) => {
        const folder = scratchFolder();
        const ended = await live(folder, { fault: { action: `once:${errno[name]}`, at } });
        toldOrMadeGood(folder, contents, ended, name);
        await makesGood(folder, contents);
      },
    ),
  );

  // By default the last one of each kind, as a later one of the same folder may make it good.
  const kindOf = (path: string) => path.replace(/\.tmp-[^/]*/, '.tmp').replace(/[0-9a-f]{16}/, 'run');
  const lastOfKind = [...new Map(syncs.map((path, k) => [kindOf(path), k + 1])).values()];

  it('an fsync that fails is never taken for success', () =>
    campaign(
      'T6 EIO at every fsync',
      everything ? upTo(syncs.length).map((k) => k + 1) : lastOfKind,
      (k) => `sync ${k}`,
      async (at) => {
        const folder = scratchFolder();
        const ended = await live(folder, { fault: { action: `sync:${errno.EIO}`, at } });
        expect(ended.life.fired).toBe(true);
        // A table that could not be written is written anew at the end; a run fails, and says so.
        toldOrMadeGood(folder, contents, ended, 'EIO');
        await makesGood(folder, contents);
      },
    ));

  it('a failed fsync that nothing followed is noticed', () => {
    const before = ['open /a', 'write /a', 'fsync /a', 'failed fsync /a'];
    expect(reliedOn([...before, 'rename /b', 'fsync /a'])).toEqual(['/a']);
    expect(reliedOn([...before, 'unlink /a'])).toEqual([]);
    expect(reliedOn(['fsync /runs', 'failed fsync /runs', 'write /runs/a'])).toEqual(['/runs']);
    expect(reliedOn(['fsync /runs', 'failed fsync /runs', 'fsync /runs'])).toEqual([]);
  });
});
