import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { binding, framework, layout, library } from '../../../../src/engines/tensorflow/install/store.ts';
import type { WheelSet } from '../../../../src/engines/tensorflow/install/wheels.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Gone after the tests of the file; with a space in its name, as users' folders have. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'adam-repro install-'));
  folders.push(folder);
  return folder;
}

export const smallWheels: WheelSet = {
  platforms: ['manylinux_2_27_x86_64'],
  wheels: [{ name: 'tensorflow-cpu', version: '2.21.0', sha256: '0'.repeat(64), download: 20, unpacked: 40 }],
};

/** Programs in place of the machine's; each writes its arguments to calls.txt. */
const programs: Readonly<Record<string, string>> = {
  python3: `
    const args = process.argv.slice(2);
    if (args.includes('--version')) say('pip 23.2.1 from somewhere');
    else if (args.includes('download')) {
      if (env.FAKE_PIP_ERROR) { process.stderr.write(env.FAKE_PIP_ERROR); process.exit(1); }
      if (env.FAKE_PIP_HANGS) setInterval(() => {}, 1000);
      else write(args[args.indexOf('--dest') + 1] + '/tensorflow_cpu-2.21.0-cp311-cp311-any.whl', 'wheel');
    } else {
      const { rules } = JSON.parse(fs.readFileSync(0, 'utf8'));
      for (const name of ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2',
        'tensorflow/include/tensorflow/c/c_api.h']) {
        const [prefix, folder] = rules.find(([prefix]) => name.startsWith(prefix));
        write(folder + name.slice(prefix.length), name);
      }
      say('40');
    }`,
  npm: `
    if (env.FAKE_NPM_ERROR) { process.stderr.write(env.FAKE_NPM_ERROR); process.exit(1); }
    if (env.FAKE_NPM_HANGS) setInterval(() => {}, 1000);
    else {
      write('node_modules/@tensorflow/tfjs-node-gpu/package.json', '{"version":"4.22.0"}');
      write('node_modules/node-api-headers/package.json', '{}');
    }`,
  'c++': `
    const args = process.argv.slice(2);
    if (env.FAKE_COMPILER_ERROR && args.includes('-c')) { process.stderr.write(env.FAKE_COMPILER_ERROR); process.exit(1); }
    if (args.includes('--version')) say('c++ (Fake) 12.2.0');
    else if (args.includes('-o')) write(args[args.indexOf('-o') + 1], 'binary');
    else fs.readFileSync(0);`,
};

const preamble = `
  const fs = require('node:fs'), path = require('node:path'), env = process.env;
  const say = (text) => process.stdout.write(text + '\\n');
  const write = (file, text) => { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, text); };
  fs.appendFileSync(path.join(__dirname, 'calls.txt'), JSON.stringify([path.basename(__filename), ...process.argv.slice(2)]) + '\\n');
`;

export interface FakeMachine {
  readonly environment: NodeJS.ProcessEnv;
  readonly store: string;
  /** The calls so far, each with the program's name in front. */
  calls(): string[][];
}

/** A machine whose path has only the named programs. */
export function fakeMachine({
  tools = Object.keys(programs),
  settings = {},
}: {
  tools?: readonly string[];
  settings?: NodeJS.ProcessEnv;
} = {}): FakeMachine {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of tools) {
    const file = join(bin, name);
    // A shell finds the interpreter even where its path has spaces.
    writeFileSync(`${file}.cjs`, `${preamble}${programs[name]}`);
    writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${file}.cjs' "$@"\n`);
    chmodSync(file, 0o755);
  }
  const store = join(folder, 'store');
  const environment = { PATH: bin, ADAM_REPRO_STORE: store, ...settings };
  return {
    environment,
    store,
    calls() {
      const file = join(bin, 'calls.txt');
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      return lines
        .map((line) => JSON.parse(line) as string[])
        .map(([name, ...args]) => [name!.replace('.cjs', ''), ...args]);
    },
  };
}

/** Writes a file and the folders that lead to it. */
export function put(file: string, text = ''): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The text of what `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

/** An install with the files that make it complete, but for `without`. */
export function putInstall(
  store: string,
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
  without?: string,
): string {
  const folder = join(store, name);
  const record = {
    layout,
    flavour: 'cpu',
    tensorflow: '2.21.0',
    tfjs: '4.22.0',
    cuda: false,
    wheels: {},
    compiler: 'c++',
  };
  put(join(folder, 'install.json'), JSON.stringify({ ...record, ...changes }));
  for (const file of [library, framework, binding]) if (file !== without) put(join(folder, file));
  return folder;
}
