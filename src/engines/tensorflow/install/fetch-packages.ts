import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import lock from './npm-lock.json' with { type: 'json' };
import type { Report } from './progress.ts';
import { firstLine, runTool, type ToolOptions, type ToolResult } from './tool.ts';

const dependencies = lock.packages[''].dependencies;

export const tfjsVersion = dependencies['@tensorflow/tfjs-node-gpu'];

/** npm's own waits before a retry, 10 s and more, would keep a user without a network in the dark for minutes. */
const shortWaits = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'];

/**
 * Installs @tensorflow/tfjs-node-gpu and what it needs, as pinned in npm-lock.json, to `<folder>/node_modules` through
 * the user's npm. No package's install script runs. Throws `UserError` with npm's reason.
 */
export async function fetchPackages(
  folder: string,
  { npm, report, ...options }: ToolOptions & { npm: readonly string[]; report: Report },
): Promise<void> {
  const { name, version } = lock;
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name, version, private: true, dependencies }),
  );
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  report({ type: 'started', stage: 'packages', text: `npm: @tensorflow/tfjs-node-gpu ${tfjsVersion}` });
  const command = [
    ...npm,
    'ci',
    '--ignore-scripts',
    '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // npm sets npm_config_… for what it starts; npx with its settings must not decide where these packages go.
  const environment = { ...options.environment, npm_config_prefix: undefined, npm_config_global: undefined };
  const result = await runTool([...command, ...shortWaits], { ...options, environment, cwd: folder });
  if (result.status !== 0) throw new UserError(npmFailure(result));
  report({ type: 'finished', stage: 'packages' });
}

export function npmFailure({ stderr, status }: ToolResult): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, ''));
  const code = /^code (\S+)$/m.exec(lines.join('\n'))?.[1];
  const said = lines.find(
    (line) => line.trim() !== '' && !/^(code|errno|syscall|network) |^A complete log/.test(line),
  );
  const reason = [code, firstLine(said ?? '')].filter(Boolean).join(': ') || `exit code ${status}`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'npm ran out of disk space: free some, or set ADAM_REPRO_STORE to a folder on another disk.';
    case 'EINTEGRITY':
      return `npm refused a package that is not the pinned one (${reason}): run npm cache verify, or use another registry.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'ENETUNREACH':
      return `npm could not reach its registry (${code}): check the network connection, the proxy and npm's settings (npm config list), then run the same command again.`;
    default:
      return `npm could not install @tensorflow/tfjs-node-gpu (${reason}): see to that and run the same command again.`;
  }
}
