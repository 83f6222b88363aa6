import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type InstallOptions,
  installTensorFlow,
  removeTensorFlow,
} from '../../../../src/engines/tensorflow/install/install.ts';
import { wheelSource } from '../../../../src/engines/tensorflow/install/library-source.ts';
import type { InstallEvent } from '../../../../src/engines/tensorflow/install/progress.ts';
import { binding, framework, library } from '../../../../src/engines/tensorflow/install/store.ts';
import { wheelsFor } from '../../../../src/engines/tensorflow/install/wheels.ts';
import { type FakeMachine, failureOf, fakeMachine, put, smallWheels, temporaryFolder } from './fake-tools.ts';

const name = 'tensorflow-2.21.0-cpu-1';
const passes: InstallOptions['selfTest'] = async () => ({ device: 'CPU', checks: ['a check'] });

function install(machine: FakeMachine, changes: Partial<InstallOptions> = {}) {
  const { environment } = machine;
  return installTensorFlow({
    source: 'cpu',
    environment,
    wheels: smallWheels,
    selfTest: passes,
    report: () => {},
    ...changes,
  });
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

describe.skipIf(process.platform !== 'linux')('installing', () => {
  it('puts library, binding and record in place and leaves nothing else', async () => {
    const machine = fakeMachine();
    const events: InstallEvent[] = [];
    const { folder, already, record } = await install(machine, { report: (event) => events.push(event) });
    expect(already).toBe(false);
    expect(folder).toBe(join(machine.store, name));
    expect(namesIn(machine.store)).toEqual([name]);
    for (const file of [library, framework, binding]) expect(existsSync(join(folder, file))).toBe(true);
    expect(existsSync(join(folder, 'include'))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, 'install.json'), 'utf8'))).toEqual(record);
    expect(record).toMatchObject({
      flavour: 'cpu',
      tensorflow: '2.21.0',
      tfjs: '4.22.0',
      cuda: false,
      wheels: { 'tensorflow-cpu 2.21.0': '0'.repeat(64) },
      compiler: 'c++ (Fake) 12.2.0',
      selfTest: { device: 'CPU' },
    });
    const started = events.flatMap((event) => (event.type === 'started' ? [event.stage] : []));
    expect(new Set(started)).toEqual(new Set(['download', 'unpack', 'packages', 'compile', 'self-test']));
    expect(started.at(-1)).toBe('self-test');
  });

  it('asks pip for the pinned hash and for a Python that is not the machine’s, and npm for no scripts', async () => {
    const machine = fakeMachine();
    await install(machine);
    const pip = machine.calls().find((call) => call.includes('download'))!;
    for (const argument of ['--require-hashes', '--no-deps', '3.11', 'cp311', 'manylinux_2_27_x86_64']) {
      expect(pip).toContain(argument);
    }
    const npm = machine.calls().find(([program]) => program === 'npm')!;
    expect(npm).toEqual(expect.arrayContaining(['ci', '--ignore-scripts']));
  });

  it('links the binding relative to itself, so that the folder can be renamed', async () => {
    const machine = fakeMachine();
    await install(machine);
    const link = machine.calls().find((call) => call.includes('-shared'))!;
    expect(link.at(-1)).toBe('-Wl,-rpath,$ORIGIN/../../../../../tensorflow');
  });

  it('answers at once when it is there, and touches no tool', async () => {
    const machine = fakeMachine();
    await install(machine);
    const before = machine.calls().length;
    expect((await install(machine)).already).toBe(true);
    expect(machine.calls()).toHaveLength(before);
  });

  it.each([
    [
      'pip',
      { FAKE_PIP_ERROR: 'ERROR: no', FAKE_NPM_HANGS: '1' },
      /^pip could not download TensorFlow \(no\)/,
    ],
    [
      'npm',
      { FAKE_NPM_ERROR: 'npm error code E404\nnpm error 404 gone', FAKE_PIP_HANGS: '1' },
      /^npm could not install .*E404: 404 gone/,
    ],
    [
      'the compiler',
      { FAKE_COMPILER_ERROR: 'x.cc:1: error: bad' },
      /^The binding could not be compiled with c\+\+ \(x\.cc:1: error: bad\)/,
    ],
  ])('stops the rest and leaves nothing when %s fails', async (_what, settings, message) => {
    const machine = fakeMachine({ settings });
    expect(await failureOf(install(machine))).toMatch(message);
    expect(namesIn(machine.store)).toEqual([]);
  });

  it('leaves nothing when the self-test fails', async () => {
    const machine = fakeMachine();
    const selfTest = async (folder: string) => {
      expect(existsSync(join(folder, binding))).toBe(true);
      throw new Error('does not work');
    };
    expect(await failureOf(install(machine, { selfTest }))).toBe('does not work');
    expect(namesIn(machine.store)).toEqual([]);
  });

  it('ends with the reason of an aborted signal and leaves nothing', async () => {
    const machine = fakeMachine({ settings: { FAKE_PIP_HANGS: '1', FAKE_NPM_HANGS: '1' } });
    const controller = new AbortController();
    const report = (event: InstallEvent) => {
      if (event.type === 'started') controller.abort(new Error('stopped by the user'));
    };
    expect(await failureOf(install(machine, { signal: controller.signal, report }))).toBe(
      'stopped by the user',
    );
    expect(namesIn(machine.store)).toEqual([]);
  });

  it('lets two installations at once both succeed', async () => {
    const machine = fakeMachine();
    const [a, b] = await Promise.all([install(machine), install(machine)]);
    expect(a.folder).toBe(b.folder);
    expect(namesIn(machine.store)).toEqual([name]);
  });

  it('sweeps what a dead process left, and leaves what a living one works on', async () => {
    const machine = fakeMachine();
    const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
    const dead = `.tmp-${host}-4194999-00000000`;
    const living = `.tmp-${host}-${process.ppid}-00000000`;
    const other = '.tmp-00000000-1-00000000';
    const old = '.tmp-00000000-2-00000000';
    for (const folder of [dead, living, other, old])
      mkdirSync(join(machine.store, folder), { recursive: true });
    utimesSync(join(machine.store, old), 1e9, 1e9);
    await install(machine);
    expect(namesIn(machine.store).sort()).toEqual([living, other, name].sort());
  });

  it('replaces an incomplete install of the same name', async () => {
    const machine = fakeMachine();
    put(join(machine.store, name, 'leftover'));
    await install(machine);
    expect(namesIn(join(machine.store, name))).not.toContain('leftover');
    expect(namesIn(machine.store)).toEqual([name]);
  });

  it('says of CUDA on a machine without a driver that it will run on the CPU', async () => {
    if (existsSync('/proc/driver/nvidia/version')) return;
    const machine = fakeMachine();
    const notes: string[] = [];
    const report = (event: InstallEvent) => event.type === 'note' && notes.push(event.text);
    const { record } = await install(machine, { source: 'cuda', report });
    expect(record.cuda).toBe(true);
    expect(notes.join()).toMatch(/No NVIDIA driver was found .* runs on the CPU/);
  });

  it.each([
    [['npm', 'c++'], /^pip 20.3 or later .*there is no python3 on the PATH/],
    [
      ['python3', 'npm'],
      /^A C\+\+ compiler compiles the binding and none works here \(tried c\+\+, g\+\+, clang\+\+\)/,
    ],
    [['python3', 'c++'], /^npm fetches .* is not on the PATH/],
  ])('begins nothing with only %s', async (tools, message) => {
    const machine = fakeMachine({ tools });
    expect(await failureOf(install(machine))).toMatch(message);
    expect(machine.calls().some((call) => call.includes('download') || call.includes('ci'))).toBe(false);
    expect(existsSync(machine.store)).toBe(false);
  });

  it('refuses a disk that is too small before it begins', async () => {
    const machine = fakeMachine();
    const [wheel] = smallWheels.wheels;
    const wheels = { ...smallWheels, wheels: [{ ...wheel!, unpacked: 1e18 }] };
    expect(await failureOf(install(machine, { wheels }))).toMatch(
      /^The installation needs 1000000000\.4 GB and the disk/,
    );
    expect(machine.calls().some((call) => call.includes('download'))).toBe(false);
  });

  it('says so where the store is a file', async () => {
    const machine = fakeMachine();
    put(machine.store);
    expect(await failureOf(install(machine))).toBe(
      `${machine.store} is not a folder: move it away or set ADAM_REPRO_STORE to another folder.`,
    );
  });

  it('removes every install and says which', async () => {
    const machine = fakeMachine();
    await install(machine);
    put(join(machine.store, 'tensorflow-2.9.1-cpu-0', 'install.json'));
    put(join(machine.store, 'notes.txt'));
    expect(await removeTensorFlow(machine.environment)).toEqual([name, 'tensorflow-2.9.1-cpu-0']);
    expect(namesIn(machine.store)).toEqual(['notes.txt']);
    expect(await removeTensorFlow({ ADAM_REPRO_STORE: join(temporaryFolder(), 'none') })).toEqual([]);
  });
});

describe('the disk space', () => {
  it('covers content, two copies of a download and pip’s cache', () => {
    expect(wheelSource('cpu', smallWheels).bytes).toBe(40 + 2 * 20 + 20);
    const x64 = { platform: 'linux', arch: 'x64' };
    expect(wheelSource('cpu', wheelsFor('cpu', x64)!).bytes).toBeLessThan(1.8e9);
    expect(wheelSource('cuda', wheelsFor('cuda', x64)!).bytes).toBeLessThan(11e9);
  });
});
