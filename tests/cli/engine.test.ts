import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/main.ts';
import { binding, framework, layout, library } from '../../src/engines/tensorflow/install/store.ts';
import { temporaryFolder } from './built.ts';
import { recordedOutput } from './recorder.ts';

const store = join(temporaryFolder(), 'store');

async function run(...argv: string[]) {
  const { output, stdout, stderr } = recordedOutput();
  const status = await runCommandLine(argv, output, { ADAM_REPRO_STORE: store, PATH: '' });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

function put(file: string, text = ''): void {
  mkdirSync(dirname(join(store, file)), { recursive: true });
  writeFileSync(join(store, file), text);
}

const folder = 'tensorflow-2.21.0-cpu-1';
const record = {
  layout,
  flavour: 'cpu',
  tensorflow: '2.21.0',
  tfjs: '4.22.0',
  cuda: false,
  wheels: {},
  compiler: 'c++',
};

function putInstalls(): void {
  for (const file of [library, framework, binding]) put(join(folder, file), 'x');
  put(join(folder, 'install.json'), JSON.stringify(record));
  put('tensorflow-2.9.1-cpu-0/install.json', '{}');
}

describe('adam-repro engine', () => {
  it('list shows engines and installs, with what is wrong', async () => {
    putInstalls();
    const { status, stdout } = await run('engine', 'list');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^engine +state +device +variant\nreference +ok +CPU/);
    expect(stdout).toMatch(/2\.21\.0 +cpu +4\.22\.0 +in use +\d+ B +\S*.*tensorflow-2\.21\.0-cpu-1\n/);
    expect(stdout).toMatch(/incomplete: made by another version/);
    const { installs, store: shown } = JSON.parse((await run('engine', 'list', '--json')).stdout);
    expect(shown).toBe(store);
    expect(installs).toHaveLength(2);
  });

  it('install answers at once where it is installed', async () => {
    putInstalls();
    const { status, stdout, stderr } = await run('engine', 'install', 'tensorflow');
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `TensorFlow 2.21.0 (cpu) is already installed: ${join(store, folder)}\n`,
      stderr: '',
    });
  });

  it('remove deletes all of them', async () => {
    putInstalls();
    expect((await run('engine', 'remove', 'tensorflow')).stdout).toBe(
      `Removed 2 installs from ${store}: ${folder}, tensorflow-2.9.1-cpu-0.\n`,
    );
    expect(existsSync(join(store, folder))).toBe(false);
    expect((await run('engine', 'remove', 'tensorflow')).stdout).toBe(`Nothing is installed in ${store}.\n`);
  });

  it.each([
    [['install'], "missing required argument 'engine'"],
    [['install', 'torch'], 'Allowed choices are tensorflow'],
    [['install', 'tensorflow', '--cuda', '--from-python'], 'cannot be used with'],
  ])('%j is a usage mistake', async (args, message) => {
    const { status, stderr } = await run('engine', ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it.skipIf(process.platform !== 'linux')('install names the missing tool with exit code 1', async () => {
    const { status, stdout, stderr } = await run('engine', 'install', 'tensorflow', '--json');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: pip 20\.3 or later/);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'failed', exitCode: 1 } });
  });
});
