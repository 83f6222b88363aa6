import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { type Report, watchingFolder } from './progress.ts';
import { firstLine, runTool, type ToolOptions, type ToolResult } from './tool.ts';
import { pythonTag, type Wheel, type WheelSet } from './wheels.ts';

export interface FetchOptions extends ToolOptions {
  /** The Python whose pip downloads. */
  readonly python: string;
  readonly report: Report;
}

/**
 * Downloads the wheels with pip, which refuses a file that has not the pinned hash, and unpacks their libraries to
 * `<target>/tensorflow` and `<target>/nvidia`, and the C API's headers to `<scratch>/include`. One after the other, so
 * that no more than one of them takes up space beside its content. `scratch` is a folder on the same disk.
 * Throws `UserError` with pip's reason.
 */
export async function fetchLibrary(
  { platforms, wheels }: WheelSet,
  { target, scratch }: { target: string; scratch: string },
  options: FetchOptions,
): Promise<void> {
  for (const [i, wheel] of wheels.entries()) {
    const downloads = await mkdtemp(join(scratch, 'wheel-'));
    const position = wheels.length > 1 ? `, ${i + 1} of ${wheels.length}` : '';
    await download(wheel, platforms, { downloads, position }, options);
    await unpack(wheel, downloads, { target, scratch }, options);
    await rm(downloads, { recursive: true });
  }
}

async function download(
  wheel: Wheel,
  platforms: readonly string[],
  { downloads, position }: { downloads: string; position: string },
  { python, report, ...options }: FetchOptions,
): Promise<void> {
  const requirements = join(downloads, 'requirements.txt');
  await writeFile(requirements, requirement(wheel));
  const command = [
    python,
    '-m',
    'pip',
    'download',
    '--requirement',
    requirements,
    '--require-hashes',
    '--no-deps',
  ];
  command.push('--only-binary', ':all:', '--dest', downloads, '--implementation', 'cp');
  command.push('--python-version', pythonTag.version, '--abi', pythonTag.abi, '--abi', 'none');
  for (const platform of platforms) command.push('--platform', platform);
  command.push('--retries', '2', '--no-input', '--progress-bar', 'off', '--disable-pip-version-check');

  const text = `pip: ${wheel.name} ${wheel.version}${position}`;
  report({ type: 'started', stage: 'download', text, total: wheel.download });
  // pip writes to its temporary folder first: here it can be watched, goes with the rest, and needs no second disk.
  const environment = { ...options.environment, TMPDIR: downloads, PIP_REQUIRE_VIRTUALENV: '0' };
  const result = await watchingFolder(downloads, { stage: 'download', report }, () =>
    runTool(command, { ...options, environment }),
  );
  if (result.status !== 0) throw new UserError(pipFailure(result));
  report({ type: 'finished', stage: 'download' });
}

const requirement = ({ name, version, sha256 }: Wheel): string =>
  `${name}==${version} --hash=sha256:${sha256}\n`;

export function pipFailure({ stderr, stdout, status }: ToolResult): string {
  const said = `${stdout}\n${stderr}`;
  const errors = stderr.split('\n').filter((line) => line.startsWith('ERROR:'));
  const error = firstLine((errors.at(-1) ?? stderr).replace(/^ERROR:\s*/, ''));
  if (/DO NOT MATCH THE HASHES/.test(said)) {
    const wanted = /Expected sha256 (\w+)/.exec(said)?.[1] ?? '?';
    const got = /Got\s+(\w+)/.exec(said)?.[1] ?? '?';
    const file = /^\s*(\S+) from /m.exec(said)?.[1] ?? 'a downloaded file';
    return (
      `pip refused ${file}: its SHA-256 is ${got} and the pinned one is ${wanted}; the package index or a cache ` +
      'served another file: try again with PIP_NO_CACHE_DIR=1, or with another index.'
    );
  }
  if (/No space left on device|Errno 28\b/.test(said)) {
    return 'pip ran out of disk space while downloading TensorFlow: free some, or set ADAM_REPRO_STORE to a folder on another disk.';
  }
  const unreachable =
    /NewConnectionError|NameResolutionError|name resolution|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Network is unreachable|Connection refused/.exec(
      said,
    )?.[0];
  if (unreachable !== undefined) {
    return `pip could not reach its package index (${unreachable}): check the network connection, the proxy and pip's settings (pip config list), then run the same command again.`;
  }
  if (/No matching distribution|from versions/.test(said)) {
    return `pip's package index does not have the pinned files (${error}): use an index that mirrors PyPI (pip config list shows yours).`;
  }
  return `pip could not download TensorFlow (${error || `exit code ${status}`}): see to that and run the same command again.`;
}

/** Runs in whatever Python 3 has pip. The first prefix that fits decides where a member goes. Prints bytes written. */
const unpackScript = `
import json, os, sys, zipfile
job = json.load(sys.stdin)
written = 0
with zipfile.ZipFile(job['wheel']) as archive:
    for info in archive.infolist():
        name = info.filename
        if name.endswith(('/', '.py', '.a')) or '..' in name.split('/'):
            continue
        path = next((folder + name[len(prefix):] for prefix, folder in job['rules'] if name.startswith(prefix)), None)
        if path is None or name.startswith('nvidia/') and '/include/' in name:
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(info) as source, open(path, 'wb') as sink:
            while True:
                piece = source.read(1 << 24)
                if not piece:
                    break
                sink.write(piece)
                written += len(piece)
                sys.stdout.write('%d\\n' % written)
                sys.stdout.flush()
        if info.external_attr >> 16 & 0o111:
            os.chmod(path, 0o755)
`;

async function unpack(
  { name, unpacked }: Wheel,
  downloads: string,
  { target, scratch }: { target: string; scratch: string },
  { python, report, ...options }: FetchOptions,
): Promise<void> {
  const file = (await readdir(downloads)).find((entry) => entry.endsWith('.whl'));
  if (file === undefined)
    throw new UserError(`pip ended without an error but left no file of ${name}: report this.`);
  const headers = [
    'tensorflow/c/',
    'tensorflow/core/platform/ctstring',
    'tsl/platform/ctstring',
    'xla/tsl/c/',
  ];
  const rules = [
    ['tensorflow/libtensorflow_', join(target, 'tensorflow', 'libtensorflow_')],
    ...headers.map((prefix) => [`tensorflow/include/${prefix}`, join(scratch, 'include', prefix)]),
    ['nvidia/', join(target, 'nvidia/')],
  ];
  report({ type: 'started', stage: 'unpack', text: `unpacking ${name}`, total: unpacked });
  const result = await runTool([python, '-c', unpackScript], {
    ...options,
    input: JSON.stringify({ wheel: join(downloads, file), rules }),
    onOutput: (text) => {
      // A piece of output may end within a number, or hold none.
      const last = /(\d+)\n$/.exec(text)?.[1];
      if (last !== undefined) report({ type: 'progress', stage: 'unpack', done: Number(last) });
    },
  });
  if (result.status !== 0) throw new UserError(unpackFailure(result));
  report({ type: 'finished', stage: 'unpack' });
}

function unpackFailure({ stderr, status }: ToolResult): string {
  const reason = stderr.trim().split('\n').at(-1) || `exit code ${status}`;
  return /Errno 28\b|No space left/.test(reason)
    ? 'The disk is full and TensorFlow could not be unpacked: free some space, or set ADAM_REPRO_STORE to a folder on another disk.'
    : `The downloaded TensorFlow could not be unpacked (${firstLine(reason)}): run the same command again.`;
}
