import { existsSync, readFileSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { firstLine, runTool, type ToolOptions } from './tool.ts';

export interface Compiler {
  readonly command: string;
  /** First line of `--version`. */
  readonly version: string;
}

const embedded = 'the embedded engine (--engine wasm) needs no installation';

/** Linux on x64 or arm64 with glibc, and AVX on x64: what the published library is built for. */
export function checkPlatform(
  flavour: string,
  machine: { platform: string; arch: string } = process,
  glibc: string = glibcVersion(),
  processorInfo: string | undefined = readCpuInfo(),
): void {
  const { platform, arch } = machine;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    throw new UserError(
      `The TensorFlow engine installs on Linux (x64, arm64) only, and this is ${platform} ${arch}; ${embedded}.`,
    );
  }
  if (flavour === 'cuda' && arch !== 'x64') {
    throw new UserError(
      `TensorFlow for CUDA is published for x64 only, and this is ${arch}: install it without --cuda.`,
    );
  }
  if (!glibc || compareVersions(glibc, '2.27') < 0) {
    throw new UserError(
      `TensorFlow needs glibc 2.27 or later, and this system has ${glibc || 'another C library'}; ${embedded}.`,
    );
  }
  if (arch === 'x64' && processorInfo !== undefined && !/^flags\s*:.*\bavx\b/m.test(processorInfo)) {
    throw new UserError(`TensorFlow needs a processor with AVX, and this one has none; ${embedded}.`);
  }
}

/** Empty for another C library, musl's say. */
function glibcVersion(): string {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime ?? '';
}

function readCpuInfo(): string | undefined {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return undefined;
  }
}

/** Negative where `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version.split('.').map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The command of a Python that has pip. `--platform` may be repeated since pip 20.3. */
export async function findPip(options: ToolOptions): Promise<string> {
  const problems: string[] = [];
  for (const python of ['python3', 'python']) {
    const { status, stdout, stderr, startFailure } = await runTool(
      [python, '-m', 'pip', '--version'],
      options,
    );
    if (startFailure !== undefined) continue;
    const version = /^pip (\S+)/m.exec(stdout)?.[1];
    if (status !== 0 || version === undefined)
      problems.push(`${python} has none (${firstLine(stderr) || `exit code ${status}`})`);
    else if (compareVersions(version, '20.3') < 0) problems.push(`that of ${python} is ${version}`);
    else return python;
  }
  const why = problems.join('; ') || 'there is no python3 on the PATH';
  throw new UserError(
    `pip 20.3 or later downloads TensorFlow, and there is none (${why}): install it (on Debian and Ubuntu: ` +
      'apt install python3-pip; elsewhere: python3 -m ensurepip).',
  );
}

/** `$CXX` or the first C++ compiler on the path that compiles a line of C++17 with the standard library. */
export async function findCompiler(options: ToolOptions): Promise<Compiler> {
  const { CXX } = options.environment;
  const names = CXX ? [CXX] : ['c++', 'g++', 'clang++'];
  const problems: string[] = [];
  for (const command of names) {
    const program = command.split(' ');
    const args = ['-std=c++17', '-fsyntax-only', '-x', 'c++', '-'];
    const input = '#include <string>\nstd::string text;\n';
    const tried = await runTool([...program, ...args], { ...options, input });
    if (tried.status !== 0) {
      if (tried.startFailure === undefined) problems.push(`${command}: ${firstLine(tried.stderr)}`);
      continue;
    }
    const { stdout } = await runTool([...program, '--version'], options);
    return { command, version: firstLine(stdout) };
  }
  const tried = CXX ? `$CXX is ${CXX}` : `tried ${names.join(', ')}`;
  throw new UserError(
    `A C++ compiler compiles the binding and none works here (${[tried, ...problems].join('; ')}): install one ` +
      '(on Debian and Ubuntu: apt install g++; on Fedora: dnf install gcc-c++), or name it in CXX.',
  );
}

/** npm's own program where npm or npx started this process, else the one on the path. */
export async function findNpm(options: ToolOptions): Promise<readonly string[]> {
  const { npm_execpath: started } = options.environment;
  if (started !== undefined && /npm-cli\.c?js$/.test(started) && existsSync(started)) {
    return [process.execPath, started];
  }
  const found = (options.environment.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'npm')));
  if (found) return ['npm'];
  throw new UserError(
    'npm fetches @tensorflow/tfjs-node-gpu and is not on the PATH: install it, it comes with Node.',
  );
}

/** The folder need not exist. */
export async function checkSpace(store: string, bytes: number): Promise<void> {
  let existing = store;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  if (!(await stat(existing)).isDirectory()) {
    throw new UserError(
      `${existing} is not a folder: move it away or set ADAM_REPRO_STORE to another folder.`,
    );
  }
  const { bavail, bsize } = await statfs(existing);
  if (bavail * bsize >= bytes) return;
  throw new UserError(
    `The installation needs ${gigabytes(bytes)} and the disk of ${store} has ${gigabytes(bavail * bsize)} left: ` +
      'free some, or set ADAM_REPRO_STORE to a folder on another disk.',
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Whether the machine has an NVIDIA driver that programs can use. */
export function hasGpuDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/dxg');
}
