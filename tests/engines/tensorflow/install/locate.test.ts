import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  findOfficial,
  loadBinding,
  locateTensorFlow,
} from '../../../../src/engines/tensorflow/install/locate.ts';
import { put, putInstall, temporaryFolder } from './fake-tools.ts';

const tfjs = join('node_modules', '@tensorflow', 'tfjs-node-gpu');

/** The package as npm leaves it, with or without what its install script brings. */
function putOfficial(folder: string, parts: readonly string[]): void {
  put(join(folder, tfjs, 'package.json'), JSON.stringify({ version: '4.22.0', main: 'index.js' }));
  for (const part of parts) put(join(folder, tfjs, part));
}

describe('the TensorFlow to use', () => {
  it('is the one of the store that was asked for last', () => {
    const store = temporaryFolder();
    const folder = putInstall(store, 'tensorflow-2.21.0-cuda-1', { flavour: 'cuda', cuda: true });
    expect(locateTensorFlow({ ADAM_REPRO_STORE: store })).toEqual({
      kind: 'store',
      folder,
      flavour: 'cuda',
      tensorflow: '2.21.0',
      tfjs: '4.22.0',
    });
  });

  it('is the named folder where ADAM_REPRO_TENSORFLOW names one, and none where that is incomplete', () => {
    const store = temporaryFolder();
    putInstall(store, 'tensorflow-2.21.0-cpu-1');
    const named = putInstall(temporaryFolder(), 'mine', { tensorflow: '2.20.0' });
    const environment = { ADAM_REPRO_STORE: store, ADAM_REPRO_TENSORFLOW: named };
    expect(locateTensorFlow(environment)).toMatchObject({ folder: named, tensorflow: '2.20.0' });
    expect(locateTensorFlow({ ...environment, ADAM_REPRO_TENSORFLOW: join(store, 'no') })).toBeNull();
  });

  it('is an official install with its own library where the store has none', () => {
    const folder = temporaryFolder();
    putOfficial(folder, ['deps/lib/libtensorflow.so.2.9.1', 'lib/napi-v8/tfjs_binding.node']);
    expect(findOfficial([temporaryFolder(), folder])).toEqual({
      located: { kind: 'official', folder, flavour: 'unknown', tensorflow: '2.9.1', tfjs: '4.22.0' },
      lacks: null,
    });
    expect(findOfficial([temporaryFolder()])).toBeNull();
  });

  it.each([
    [['lib/napi-v8/tfjs_binding.node'], 'its libtensorflow was not downloaded'],
    [['deps/lib/libtensorflow.so.2'], 'its binding is missing'],
  ])('is no official install with only %s', (parts, lacks) => {
    const folder = temporaryFolder();
    putOfficial(folder, parts);
    expect(findOfficial([folder])?.lacks).toBe(lacks);
  });
});

describe('loading the binding', () => {
  const names = [
    'TF_NUM_INTRAOP_THREADS',
    'TF_CPP_MIN_LOG_LEVEL',
    'TF_FORCE_GPU_ALLOW_GROWTH',
    'NVIDIA_TF32_OVERRIDE',
  ];
  afterEach(() => vi.unstubAllEnvs());

  function load(options: Parameters<typeof loadBinding>[1]) {
    for (const name of [...names, 'TF_NUM_INTEROP_THREADS']) vi.stubEnv(name, undefined);
    const store = temporaryFolder();
    const folder = putInstall(store, 'tensorflow-2.21.0-cpu-1');
    put(join(folder, tfjs, 'package.json'), JSON.stringify({ main: 'index.js' }));
    const seen = names.map((name) => `${name}: process.env.${name}`).join();
    put(
      join(folder, tfjs, 'index.js'),
      `const { isNullOrUndefined } = require('util');
      module.exports = { ${seen}, nullish: [null, undefined, 0].map((value) => isNullOrUndefined(value)) };`,
    );
    return loadBinding<Record<string, unknown>>(
      locateTensorFlow({ ADAM_REPRO_TENSORFLOW: folder })!,
      options,
    );
  }

  it('happens with TensorFlow’s settings in place and the function that Node 23 took away', () => {
    expect(load({ environment: {} })).toEqual({
      TF_NUM_INTRAOP_THREADS: '1',
      TF_CPP_MIN_LOG_LEVEL: '3',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      NVIDIA_TF32_OVERRIDE: '0',
      nullish: [true, true, false],
    });
  });

  it('lets the user ask for threads, logs and TF32', () => {
    const environment = { ADAM_REPRO_DEBUG: '1', NVIDIA_TF32_OVERRIDE: '1' };
    const seen = load({ threads: 3, environment });
    expect(seen).toMatchObject({ TF_NUM_INTRAOP_THREADS: '3', NVIDIA_TF32_OVERRIDE: '1' });
    expect(seen.TF_CPP_MIN_LOG_LEVEL).toBeUndefined();
  });
});
