import { utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  binding,
  framework,
  installName,
  installsIn,
  library,
  readInstall,
  storeFolder,
} from '../../../../src/engines/tensorflow/install/store.ts';
import { put, putInstall, temporaryFolder } from './fake-tools.ts';

describe.skipIf(process.platform === 'win32')('the store’s folder', () => {
  const usual = join(homedir(), '.local', 'share', 'adam-repro');
  it.each([
    [{ ADAM_REPRO_STORE: 'here', XDG_DATA_HOME: '/x' }, resolve('here')],
    [{ ADAM_REPRO_STORE: '', XDG_DATA_HOME: '/x' }, '/x/adam-repro'],
    [{ XDG_DATA_HOME: 'relative' }, usual],
    [{}, usual],
  ])('with %j is %s', (environment, folder) => {
    expect(storeFolder(environment)).toBe(folder);
  });
});

describe('installs in the store', () => {
  it('have names with version, flavour and layout', () => {
    expect(installName('2.21.0', 'cuda')).toBe('tensorflow-2.21.0-cuda-1');
    expect(installName('2.20.0', 'python', '-abc')).toBe('tensorflow-2.20.0-python-abc-1');
  });

  it.each([library, framework, binding])('do not count without %s', (file) => {
    expect(readInstall(putInstall(temporaryFolder(), 'tensorflow-2.21.0-cpu-1', {}, file))).toBeNull();
  });

  it('do not count with another layout, a damaged record or none', () => {
    const store = temporaryFolder();
    expect(readInstall(putInstall(store, 'tensorflow-a-1', { layout: 0 }))).toBeNull();
    put(join(putInstall(store, 'tensorflow-b-1'), 'install.json'), '{');
    expect(readInstall(join(store, 'tensorflow-b-1'))).toBeNull();
    expect(readInstall(join(store, 'tensorflow-c-1'))).toBeNull();
    expect(installsIn(store)).toEqual([]);
    expect(installsIn(join(store, 'none'))).toEqual([]);
  });

  it('come with the one last asked for in front', () => {
    const store = temporaryFolder();
    const cpu = putInstall(store, 'tensorflow-2.21.0-cpu-1');
    const cuda = putInstall(store, 'tensorflow-2.21.0-cuda-1', { flavour: 'cuda', cuda: true });
    putInstall(store, '.tmp-x');
    utimesSync(join(cpu, 'install.json'), 2000, 2000);
    utimesSync(join(cuda, 'install.json'), 1000, 1000);
    expect(installsIn(store).map(({ folder }) => folder)).toEqual([cpu, cuda]);
    utimesSync(join(cuda, 'install.json'), 3000, 3000);
    expect(installsIn(store).map(({ folder }) => folder)).toEqual([cuda, cpu]);
  });
});
