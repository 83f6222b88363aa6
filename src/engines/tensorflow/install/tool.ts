import { type ChildProcess, spawn } from 'node:child_process';

export interface ToolOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with what the tool writes to stdout. */
  readonly onOutput?: (text: string) => void;
  /** Written to its stdin. */
  readonly input?: string;
}

export interface ToolResult {
  /** 0 only for success; `null` where a signal ended it or it could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Such as ENOENT, where it could not be started. */
  readonly startFailure?: string;
}

const running = new Set<ChildProcess>();

/**
 * Runs a program to its end, without a shell. Rejects with the signal's reason when that aborts, after the program and
 * everything it started are gone; never for how the program ended.
 */
export function runTool(command: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { environment, cwd, signal, onOutput, input } = options;
  const [program, ...args] = command;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    // A process group of its own: a compiler driver's children end with it, and Ctrl-C reaches it through us only.
    const child = spawn(program!, args, { env: environment, cwd, detached: true, windowsHide: true });
    running.add(child);
    let stdout = '';
    let stderr = '';
    let startFailure: string | undefined;
    const stop = (): void => killGroup(child);
    signal?.addEventListener('abort', stop);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // A program that ends without reading its input is no failure of ours.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      startFailure = error.code ?? error.message;
    });
    child.on('close', (status) => {
      running.delete(child);
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ status: startFailure === undefined ? status : null, stdout, stderr, startFailure });
    });
  });
}

/** Ends what is running still, for a program that is about to quit. */
export function killTools(): void {
  for (const child of running) killGroup(child);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** The first line of a text that says something, without its final full stop. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  return line.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}
