import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamRepro, bin, cleanEnvironment, startAdamRepro, temporaryFolder, writeTinySpec } from './built.ts';

const control = '\u001b';
const colour = new RegExp(`${control}\\[\\d+m`);

let cwd: string;
beforeAll(() => {
  cwd = temporaryFolder();
  writeTinySpec(cwd);
  writeTinySpec(cwd, { name: 'long', epochs: 1_000_000 });
});

describe('without a terminal', () => {
  it.each([[['run', 'tiny.yaml']], [['list']], [['doctor']], [['run', '--help']], [['lst']], [['status']]])(
    'adam-repro %j prints no escape and no carriage return',
    (args) => {
      const { stdout, stderr } = adamRepro(args, { cwd });
      expect(stdout + stderr).not.toContain(control);
      expect(stdout + stderr).not.toContain('\r');
      expect(stdout + stderr).not.toBe('');
    },
  );

  it('has colour where it is asked for, and NO_COLOR loses to the flag', () => {
    expect(adamRepro(['list', '--color', 'always'], { cwd }).stdout).toMatch(colour);
    expect(adamRepro(['list'], { cwd, env: { FORCE_COLOR: '1' } }).stdout).toMatch(colour);
    expect(adamRepro(['list', '--color=always'], { cwd, env: { NO_COLOR: '1' } }).stdout).toMatch(colour);
    expect(adamRepro(['list', '--no-color'], { cwd, env: { FORCE_COLOR: '1' } }).stdout).not.toMatch(colour);
    expect(adamRepro(['lst', '--color', 'always'], { cwd }).stderr).toMatch(colour);
  });

  it('keeps stderr empty with --quiet', () => {
    const { stdout, stderr } = adamRepro(['run', 'tiny.yaml', '-q', '-o', 'quiet'], { cwd });
    expect(stderr).toBe('');
    expect(stdout).toContain('curves.csv');
  });

  it('ends quietly where nobody reads any more', async () => {
    const child = startAdamRepro(['list', '--json'], { cwd });
    child.stdout!.destroy();
    let stderr = '';
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    const [status] = await once(child, 'close');
    expect({ status, stderr: stderr.includes('EPIPE') }).toEqual({ status: 0, stderr: false });
  });

  it('shows a stack trace only with --debug', () => {
    const plain = adamRepro(['run', 'nowhere.yaml'], { cwd }).stderr;
    const debug = adamRepro(['run', 'nowhere.yaml', '--debug'], { cwd }).stderr;
    expect(plain).not.toMatch(/\n\s+at /);
    expect(debug).toMatch(/\n\s+at /);
  });
});

// `script` of util-linux runs a command in a pseudo-terminal; that of macOS takes other arguments.
const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

describe.skipIf(!hasScript)('on a terminal', () => {
  function onTerminal(args: string, env: NodeJS.ProcessEnv = {}): string {
    const command = `${process.execPath} ${bin} ${args}`;
    const options = { cwd, env: cleanEnvironment({ TERM: 'xterm', ...env }), encoding: 'utf8' } as const;
    const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], options);
    expect(status).toBe(0);
    return stdout;
  }

  it('redraws one line per run and gives the cursor back', () => {
    const text = onTerminal('run tiny.yaml -o live');
    expect(text).toContain(`${control}[?25l`);
    expect(text.lastIndexOf(`${control}[?25h`)).toBeGreaterThan(text.lastIndexOf(`${control}[?25l`));
    expect(text).toMatch(/2\/2 runs done/);
    expect(text).toMatch(colour);
  });

  it('moves the cursor but uses no colour with NO_COLOR', () => {
    const text = onTerminal('run tiny.yaml -o plain', { NO_COLOR: '1' });
    expect(text).toContain(`${control}[?25l`);
    expect(text).not.toMatch(colour);
  });

  it.each([
    ['TERM=dumb', 'run tiny.yaml -o dumb', { TERM: 'dumb' }],
    ['--progress never --no-color', 'run tiny.yaml -o never --progress never --no-color', {}],
    ['stderr in a file', 'run tiny.yaml -o split --no-color 2>/dev/null', {}],
  ])('prints plain lines with %s', (_, args, env) => {
    expect(onTerminal(args, env)).not.toContain(control);
  });

  it('draws on a terminal although stdout is a pipe', () => {
    expect(onTerminal('run tiny.yaml -o piped | cat')).toContain(`${control}[?25l`);
  });
});

describe('signals', () => {
  /** Starts a run without end, sends the signal once it has started, and waits for its end. */
  async function stopped(signal: NodeJS.Signals, flags: string[] = []) {
    const args = ['run', 'long.yaml', '-o', `stop-${signal}-${flags.length}`, '--only', 'adam', ...flags];
    const child = startAdamRepro(args, { cwd });
    let stdout = '';
    let stderr = '';
    let sent = false;
    child.stdout!.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
      if (!sent && stderr.includes('started')) {
        sent = true;
        child.kill(signal);
      }
    });
    const [status] = await once(child, 'close');
    return { stdout, stderr, status, args };
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s writes checkpoints and names the command to go on with',
    async (signal) => {
      const { stdout, stderr, status, args } = await stopped(signal);
      expect(status).toBe(128 + constants.signals[signal]);
      const again = signal === 'SIGINT' ? ' (Ctrl-C again to quit now)' : '';
      expect(stderr).toContain(`Stopping: writing checkpoints${again}\n`);
      expect(stderr).toContain(`Stopped. Go on with: adam-repro ${args.join(' ')}\n`);
      expect(stdout).toMatch(/^adam +0 +interrupted/m);
    },
  );

  it.each([
    ['SIGINT', 'data fetch mnist', 'Stopped; files that were complete are kept.'],
    ['SIGTERM', 'run mnist-logreg', 'Stopped. Go on with: adam-repro run mnist-logreg --mirror '],
  ] as const)('%s during the download of `%s` is no failure of it', async (signal, line, message) => {
    // A mirror that takes the request and never answers.
    const server = createServer(() => child.kill(signal)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = startAdamRepro([...line.split(' '), '--mirror', mirror], { cwd: temporaryFolder() });
    let stderr = '';
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    const [status] = await once(child, 'close');
    server.closeAllConnections();
    server.close();
    expect(status).toBe(128 + constants.signals[signal]);
    expect(stderr).toContain(`\n${message}`);
    expect(stderr).not.toContain('error:');
  });

  it('still prints one JSON document', async () => {
    const { stdout } = await stopped('SIGINT', ['--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ optimizer: 'adam', status: 'interrupted' }],
      error: { code: 'stopped', exitCode: 130 },
    });
  });
});
