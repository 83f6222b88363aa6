import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimRun, localSystem } from '../../src/results/index.ts';
import { runId } from '../../src/spec/hash.ts';
import { scratchFolder } from '../results/machine.ts';
import { notesIn, until } from '../runner/processes.ts';
import { campaign, trials } from './campaign.ts';
import { Life, live, sameContents, tinyRuns, undisturbed } from './processes.ts';

interface Owner {
  host: string;
  boot: string;
  pid: number;
  processStart: string;
}

const forgeries = [
  'a dead process',
  'a reused number',
  'another start of the machine',
  'another machine',
] as const;

describe.runIf(process.platform === 'linux')('a claim', async () => {
  const { contents, operations } = await undisturbed();
  const at = operations.findIndex((operation) => operation.includes('/curves.csv')) - 20;

  /** What a process that was killed in the first run has left, its claim changed. */
  async function claimed(change: (owner: Owner) => void): Promise<{ folder: string; timing: string }> {
    const folder = scratchFolder();
    await live(folder, { fault: { action: 'before', at, tree: true } });
    const runs = join(folder, 'results/sample/smoke/runs');
    const attempt = readdirSync(runs).find((name) => name.endsWith('.partial'))!;
    const timing = join(runs, attempt, 'timing.json');
    const { lives } = JSON.parse(readFileSync(timing, 'utf8'));
    change(lives.at(-1));
    writeFileSync(timing, JSON.stringify({ lives }));
    return { folder, timing };
  }

  it('of a process that is gone holds nothing, and one of another machine until it has been silent long enough', () =>
    campaign(
      'T10 claims of others',
      trials(1, 50).flatMap((trial) => forgeries.map((kind) => ({ kind, trial }))),
      ({ kind, trial }) => `${kind} ${trial}`,
      async ({ kind }) => {
        const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
        try {
          const { folder, timing } = await claimed((owner) => {
            if (kind === 'a dead process') owner.pid = 2 ** 30;
            if (kind === 'a reused number') owner.pid = sleeper.pid!;
            if (kind === 'another start of the machine') owner.boot = 'another';
            if (kind === 'another machine') owner.host = 'another';
          });
          const life = new Life(folder);
          if (kind === 'another machine') {
            await until(() => (life.output.includes('"waiting"') ? true : undefined));
            const opened = notesIn(folder).filter(({ what }) => what === 'open');
            expect(opened.filter(({ id }) => id === runId(tinyRuns[0]!)).length).toBe(1);
            utimesSync(timing, 0, 0);
          }
          const { code, output, errors } = await life.ended;
          expect(code, errors).toBe(0);
          if (kind !== 'another machine') expect(output).not.toContain('"waiting"');
          sameContents(folder, contents);
        } finally {
          sleeper.kill('SIGKILL');
        }
      },
    ));

  it.each(['a dead process', 'another start of the machine'] as const)(
    'of %s is taken over at once',
    async (kind) => {
      const { folder } = await claimed((owner) => {
        if (kind === 'a dead process') owner.pid = 2 ** 30;
        else owner.boot = 'another';
      });
      const before = process.cpuUsage();
      const claim = claimRun(localSystem(), join(folder, 'results/sample/smoke/runs'), runId(tinyRuns[0]!));
      // Of the processor, so that other work on the machine does not count; nothing in it waits.
      const { user, system } = process.cpuUsage(before);
      expect(claim.type).toBe('claimed');
      expect((user + system) / 1e6).toBeLessThan(1);
    },
  );
});
