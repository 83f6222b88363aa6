import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { readPublished } from '../../src/results/index.ts';
import { contentsOf, Machine, scratchFolder } from '../results/machine.ts';
import { campaign, randomNumbers, sampled } from './campaign.ts';
import { id, live, runsIn } from './in-process.ts';
import { type DiskState, PowerLossDisk, restore } from './power-loss-disk.ts';

interface Loss {
  readonly name: string;
  readonly state: DiskState;
  /** Whether the run had been reported as complete by then. */
  readonly complete: boolean;
}

/** Every state that a power loss in a life may leave; the life goes on from a run stopped after some steps, if any. */
async function losses(name: string, stopAfter?: number): Promise<Loss[]> {
  const random = randomNumbers(name);
  const found = new Map<DiskState, Loss>();
  const root = scratchFolder();
  const machine = new Machine();
  let recording = stopAfter === undefined;
  let operations = 0;
  let complete = false;
  const collect = (disk: PowerLossDisk) => {
    if (!recording) return;
    operations++;
    for (const [i, state] of disk.states(random, 64).entries()) {
      found.set(state, { name: `${name} ${operations}.${i}`, state, complete });
    }
  };
  const disk = new PowerLossDisk(root, collect);
  if (stopAfter !== undefined) await live(machine, root, disk.files, { stopAfter });
  recording = true;
  await live(machine, root, disk.files, {
    onResult: () => {
      complete = true;
    },
  });
  collect(disk);
  return [...found.values()];
}

/** A machine on which the processes from before the loss no longer run. */
function rebooted(): Machine {
  const machine = new Machine();
  for (let i = 0; i < 2; i++) machine.kill(machine.start());
  return machine;
}

describe('a power loss between any two file operations', async () => {
  const root = scratchFolder();
  await live(new Machine(), root);
  const expected = contentsOf(root);

  it.each([
    { name: 'T4 power loss in a whole life', stopAfter: undefined },
    { name: 'T4 power loss in a life that goes on', stopAfter: 7 },
  ])('$name is made good by the next start', { timeout: 600_000 }, async ({ name, stopAfter }) => {
    const all = await losses(name, stopAfter);
    expect(all.length).toBeGreaterThan(500);
    await campaign(
      name,
      sampled(name, all, all.length),
      (loss) => loss.name,
      async ({ state, complete }) => {
        const after = scratchFolder();
        restore(state, after);
        // A run that was reported as complete is so whatever happens next.
        if (complete) expect(readPublished(realFileSystem, runsIn(after), id)).toBeDefined();
        await live(rebooted(), after);
        expect(contentsOf(after)).toEqual(expected);
        rmSync(after, { recursive: true });
      },
    );
  });
});
