import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { System } from '../../src/results/index.ts';
import { temporaryName } from '../../src/results/system.ts';
import type { RunEvent } from '../../src/runner/events.ts';
import { planRuns } from '../../src/runner/index.ts';
import { prepareRuns } from '../../src/runner/prepare-runs.ts';
import { Machine, scratchFolder } from '../results/machine.ts';
import { begin, epochsOf, finish, id, run } from '../results/replay.ts';

function prepare(system: System, profileFolder: string, fresh = false): RunEvent[] {
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => events.push(event);
  prepareRuns(system, {
    profileFolder,
    runsFolder: join(profileFolder, 'runs'),
    ids: [id],
    fresh,
    checkpoints: true,
    onEvent,
  });
  return events;
}

function folders() {
  const profile = scratchFolder();
  const runs = join(profile, 'runs');
  mkdirSync(runs);
  return { profile, runs, machine: new Machine() };
}

describe('preparing runs', () => {
  it('leaves finished runs and living attempts alone', () => {
    const { profile, runs, machine } = folders();
    begin(machine.start(), runs, 1);
    prepare(machine.start(), profile, true);
    expect(readdirSync(runs)).toEqual([`${id}.1.partial`]);
  });

  it('sets a damaged result aside and says so', () => {
    const { profile, runs, machine } = folders();
    finish(epochsOf(machine.start(), runs));
    expect(prepare(machine.start(), profile)).toEqual([]);
    truncateSync(join(runs, id, 'curve.csv'), 40);
    expect(prepare(machine.start(), profile)).toEqual([
      { type: 'restarted', id, reason: `${join(runs, id)} is damaged` },
    ]);
    expect(readdirSync(runs)).toEqual([`${id}.1.damaged`]);
  });

  it('sets a result aside whose checkpoint is damaged, but not one without a checkpoint', () => {
    const { profile, runs, machine } = folders();
    finish(epochsOf(machine.start(), runs));
    const checkpoint = join(runs, id, 'checkpoint.safetensors');
    const bytes = readFileSync(checkpoint);
    rmSync(checkpoint);
    expect(prepare(machine.start(), profile)).toEqual([]);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(checkpoint, bytes);
    expect(prepare(machine.start(), profile)).toMatchObject([{ type: 'restarted', id }]);
    expect(readdirSync(runs)).toEqual([`${id}.1.damaged`]);
  });

  it('with fresh sets results and interrupted attempts aside, each under its own number', () => {
    const { profile, runs, machine } = folders();
    for (let i = 0; i < 2; i++) {
      finish(epochsOf(machine.start(), runs));
      prepare(machine.start(), profile, true);
    }
    const owner = machine.start();
    begin(owner, runs, 1);
    machine.kill(owner);
    prepare(machine.start(), profile, true);
    expect(readdirSync(runs)).toEqual([1, 2, 3].map((n) => `${id}.${n}.old`));
  });

  it('sweeps up what dead processes have left, and nothing else', () => {
    const { profile, runs, machine } = folders();
    const [dead, alive] = [machine.start(), machine.start()];
    machine.kill(dead);
    mkdirSync(join(runs, temporaryName(dead), 'a'), { recursive: true });
    writeFileSync(join(profile, temporaryName(dead)), '');
    const kept = temporaryName(alive);
    writeFileSync(join(profile, kept), '');
    writeFileSync(join(runs, 'notes.txt'), '');
    prepare(alive, profile);
    expect(readdirSync(profile).sort()).toEqual([kept, 'runs'].sort());
    expect(readdirSync(runs)).toEqual(['notes.txt']);
  });
});

describe('planRuns', () => {
  it('tells the state of every run and makes no folder', () => {
    const resultsFolder = scratchFolder();
    const experiment = { name: 'sample', profile: 'smoke' as const, files: { rules: {} }, runs: [run] };
    const pending = { id, optimizer: 'adam', seed: 0, status: 'pending', epochsDone: 0, epochs: 3 };
    expect(planRuns(experiment, { resultsFolder })).toEqual([pending]);
    expect(readdirSync(resultsFolder)).toEqual([]);

    const runs = join(resultsFolder, 'sample/smoke/runs');
    const [machine, owner] = [new Machine(), new Machine().start()];
    begin({ ...owner, self: { ...owner.self, boot: 'another' } }, runs, 2);
    machine.start();
    expect(planRuns(experiment, { resultsFolder })).toMatchObject([{ status: 'running', epochsDone: 2 }]);
  });
});
