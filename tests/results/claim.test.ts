import { readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimRun, type System, sweep } from '../../src/results/index.ts';
import { LEASE_MS } from '../../src/results/system.ts';
import { contentsOf, Machine, scratchFolder } from './machine.ts';
import { begin, type Ending, epochsOf, finish, id, interrupted } from './replay.ts';

function undisturbed(): Record<string, string> {
  const runs = scratchFolder();
  finish(epochsOf(new Machine().start(), runs));
  return contentsOf(runs);
}
const expected = undisturbed();

/** What is left after everybody is dead and the next start has swept and finished the run. */
function settled(machine: Machine, runs: string): Record<string, string> {
  finish(epochsOf(machine.start(), runs));
  sweep(machine.start(), runs, runs);
  return contentsOf(runs);
}

/** Calls the test for the 1st, 2nd, ... operation until it says that there was no such operation any more. */
function atEveryOperation(test: (at: number) => boolean): number {
  for (let at = 1; at < 1000; at++) if (!test(at)) return at - 1;
  throw new Error('no end');
}

describe('a claim', () => {
  it('is held against living processes and inherited from dead ones', () => {
    const runs = scratchFolder();
    const machine = new Machine();
    const first = machine.start();
    begin(first, runs, 1);
    expect(claimRun(machine.start(), runs, id)).toEqual({ type: 'busy' });
    machine.kill(first);
    const claim = claimRun(machine.start(), runs, id);
    expect(claim.type === 'claimed' && claim.attempt.number).toBe(2);
    expect(claim.type === 'claimed' && claim.attempt.resume!.snapshot.state.epoch).toBe(1);
    expect(readdirSync(runs)).toEqual([`${id}.2.partial`]);
  });

  it('is free once it was released', () => {
    const runs = scratchFolder();
    const machine = new Machine();
    begin(machine.start(), runs, 1).release({ train: 0, evaluate: 0, other: 0 });
    expect(claimRun(machine.start(), runs, id).type).toBe('claimed');
  });

  it('sums up the times of all processes', () => {
    const runs = scratchFolder();
    const machine = new Machine();
    const first = machine.start();
    begin(first, runs, 2);
    machine.kill(first);
    const attempt = begin(machine.start(), runs, 1);
    expect(attempt.wall).toEqual({ train: 2, evaluate: 4, other: 6 });
  });

  const forged: [string, Partial<System['self']>, number, 'busy' | 'claimed'][] = [
    ['a dead process', { pid: 99 }, 0, 'claimed'],
    ['a process with the same number that started later', { processStart: '5' }, 0, 'claimed'],
    ['another machine that gave a sign of life lately', { host: 'there' }, LEASE_MS / 2, 'busy'],
    ['another machine that gave none for long', { host: 'there' }, LEASE_MS * 2, 'claimed'],
  ];
  it.each(forged)('of %s', (_name, change, age, outcome) => {
    const runs = scratchFolder();
    const machine = new Machine();
    const owner = machine.start();
    begin({ ...owner, self: { ...owner.self, ...change } }, runs, 1);
    const then = (Date.now() - age) / 1000;
    utimesSync(join(runs, `${id}.1.partial`, 'timing.json'), then, then);
    expect(claimRun(machine.start(), runs, id).type).toBe(outcome);
  });
});

describe('two processes at once', () => {
  it.each([0, 1])('one of them gets the run, at every interleaving (%i epochs done before)', (epochs) => {
    const operations = atEveryOperation((at) => {
      const runs = scratchFolder();
      const machine = new Machine();
      if (epochs > 0) {
        const dead = machine.start();
        begin(dead, runs, epochs);
        machine.kill(dead);
      }
      let other = '';
      const files = interrupted(at, () => {
        other = claimRun(machine.start(), runs, id).type;
      });
      const own = claimRun(machine.start(files), runs, id).type;
      if (files.count() < at) return false;
      expect([own, other].sort(), `operation ${at}`).toEqual(['busy', 'claimed']);
      expect(readdirSync(runs).length).toBe(1);
      return true;
    });
    expect(operations).toBeGreaterThan(10);
  });

  it('the slower one sees what the faster one finished meanwhile', () => {
    atEveryOperation((at) => {
      const runs = scratchFolder();
      const machine = new Machine();
      const dead = machine.start();
      begin(dead, runs, 1);
      machine.kill(dead);
      let other: Ending | undefined;
      const files = interrupted(at, () => {
        other = finish(epochsOf(machine.start(), runs));
      });
      const own = claimRun(machine.start(files), runs, id).type;
      if (files.count() < at) return false;
      if (other === 'done') expect(own, `operation ${at}`).toBe('published');
      else expect([own, other]).toEqual(['claimed', 'busy']);
      return true;
    });
  });

  it('the slowest one gives way to the second of two that were faster', () => {
    atEveryOperation((at) => {
      const runs = scratchFolder();
      const machine = new Machine();
      const dead = machine.start();
      begin(dead, runs, 1);
      machine.kill(dead);
      let others: string[] = [];
      const files = interrupted(at, () => {
        const second = machine.start();
        others = [claimRun(second, runs, id).type];
        machine.kill(second);
        others.push(claimRun(machine.start(), runs, id).type);
      });
      const own = claimRun(machine.start(files), runs, id).type;
      if (files.count() < at) return false;
      expect([own, ...others].filter((type) => type === 'claimed').length).toBe(others[0] === 'busy' ? 1 : 2);
      if (others[0] === 'claimed') expect(own, `operation ${at}`).toBe('busy');
      expect(readdirSync(runs).length).toBe(1);
      return true;
    });
  });
});

describe('an owner that was paused and replaced', () => {
  it('changes nothing when it wakes up after the run was finished', () => {
    const endings = new Set<Ending>();
    const operations = atEveryOperation((at) => {
      const runs = scratchFolder();
      const machine = new Machine();
      const paused: System = machine.start(
        interrupted(at, () => {
          machine.kill(paused);
          finish(epochsOf(machine.start(), runs));
        }),
      );
      const ending = finish(epochsOf(paused, runs));
      endings.add(ending);
      expect(settled(machine, runs), `operation ${at}`).toEqual(expected);
      return (paused.files as ReturnType<typeof interrupted>).count() >= at;
    });
    expect(operations).toBeGreaterThan(60);
    expect([...endings].sort()).toEqual(['done', 'published', 'replaced']);
  });

  it('changes nothing when it wakes up while its successor works', () => {
    atEveryOperation((at) => {
      const runs = scratchFolder();
      const machine = new Machine();
      let successor: ReturnType<typeof epochsOf> | undefined;
      const paused: System = machine.start(
        interrupted(at, () => {
          machine.kill(paused);
          successor = epochsOf(machine.start(), runs);
          successor.next();
        }),
      );
      finish(epochsOf(paused, runs));
      if (successor) finish(successor);
      expect(settled(machine, runs), `operation ${at}`).toEqual(expected);
      return (paused.files as ReturnType<typeof interrupted>).count() >= at;
    });
  });

  it('does not publish a folder of the same name that is not its own', () => {
    const [runs, others] = [scratchFolder(), scratchFolder()];
    const machine = new Machine();
    const work = epochsOf(machine.start(), runs);
    for (let epoch = 0; epoch < 3; epoch++) work.next();
    const own = join(runs, `${id}.1.partial`);
    rmSync(own, { recursive: true });
    renameSync(begin(machine.start(), others, 1).folder, own);
    const before = contentsOf(runs);
    expect(finish(work)).toBe('replaced');
    expect(contentsOf(runs)).toEqual(before);
  });

  it('stops where somebody removed its folder', () => {
    const runs = scratchFolder();
    const work = epochsOf(new Machine().start(), runs);
    work.next();
    rmSync(join(runs, `${id}.1.partial`), { recursive: true });
    expect(finish(work)).toBe('replaced');
  });
});
