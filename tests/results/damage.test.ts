import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFileSystem } from '../../src/results/file-system.ts';
import { claimRun, readPublished, readRun } from '../../src/results/index.ts';
import { contentsOf, Machine, scratchFolder } from './machine.ts';
import { begin, epochsOf, finish, id, run } from './replay.ts';

function interruptedRun() {
  const runs = scratchFolder();
  const machine = new Machine();
  const owner = machine.start();
  const attempt = begin(owner, runs, 2);
  machine.kill(owner);
  return { runs, machine, folder: attempt.folder };
}

const reference = scratchFolder();
finish(epochsOf(new Machine().start(), reference));
const expected = contentsOf(reference);

/** The finished run's files alone. */
function resultIn(runs: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contentsOf(runs)).filter(([name]) => /^[0-9a-f]+(\/|$)/.test(name)),
  );
}

describe('an interrupted run', () => {
  it('is cut back to its checkpoint, whatever stands behind', () => {
    const tails = ['1', '1,2,train,co', '3,6,train,cost,1\n', '3,6,train,cost,1\n4,8,tr', '\0\0\0\0\0'];
    for (const tail of tails) {
      const { runs, machine, folder } = interruptedRun();
      appendFileSync(join(folder, 'curve.csv'), tail);
      expect(readRun(machine.start(), runs, run).lines.length).toBe(4);
      finish(epochsOf(machine.start(), runs));
      expect(contentsOf(runs), JSON.stringify(tail)).toEqual(expected);
    }
  });

  it('with a curve cut at any byte begins anew', () => {
    const whole = readFileSync(join(interruptedRun().folder, 'curve.csv')).length;
    for (let length = 0; length < whole; length++) {
      const { runs, machine, folder } = interruptedRun();
      truncateSync(join(folder, 'curve.csv'), length);
      const claim = claimRun(machine.start(), runs, id);
      expect(claim).toMatchObject({ type: 'claimed', damage: 'curve.csv is cut off' });
    }
  });

  it.each(['curve.csv', 'checkpoint.safetensors', 'run.json'])(
    'with a changed bit in %s begins anew and keeps the damaged attempt',
    (name) => {
      const size = readFileSync(join(interruptedRun().folder, name)).length;
      for (let bit = 0; bit < size * 8; bit += 41) {
        const { runs, machine, folder } = interruptedRun();
        const bytes = readFileSync(join(folder, name));
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(join(folder, name), bytes);
        finish(epochsOf(machine.start(), runs));
        expect(resultIn(runs), `bit ${bit}`).toEqual(expected);
        expect(readdirSync(runs)).toContain(`${id}.1.damaged`);
      }
    },
  );

  it.each(['empty', 'another text', 'cut off'])('with a timing.json that is %s has no owner', (kind) => {
    const { runs, machine, folder } = interruptedRun();
    const path = join(folder, 'timing.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, { empty: '', 'another text': '{"lives":3}' }[kind] ?? text.slice(0, -9));
    expect(readRun(machine.start(), runs, run).state).toMatchObject({ status: 'interrupted', epochsDone: 2 });
    finish(epochsOf(machine.start(), runs));
    expect(contentsOf(runs)).toEqual(expected);
  });

  it('with the checkpoint of another run begins anew', () => {
    const { runs, machine, folder } = interruptedRun();
    const path = join(folder, 'checkpoint.safetensors');
    const other = readFileSync(path, 'latin1').replaceAll(id, id.replace(/./g, 'a'));
    writeFileSync(path, other, 'latin1');
    expect(claimRun(machine.start(), runs, id)).toMatchObject({
      damage: 'checkpoint.safetensors is damaged',
    });
  });
});

describe('a finished run', () => {
  it.each(['run.json', 'curve.csv'])('with a changed bit in %s is not read as a result', (name) => {
    const path = join(reference, id, name);
    const whole = readFileSync(path);
    expect(readPublished(realFileSystem, reference, id)?.manifest.status).toBe('complete');
    for (let bit = 0; bit < whole.length * 8; bit += 7) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, bytes);
      expect(readPublished(realFileSystem, reference, id), `bit ${bit}`).toBeUndefined();
    }
    writeFileSync(path, whole);
  });
});
