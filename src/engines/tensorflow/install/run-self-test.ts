import { fileURLToPath } from 'node:url';
import { UserError } from '../../../errors.ts';
import type { SelfTestResult } from './store.ts';
import { runTool, type ToolOptions } from './tool.ts';

const limitMilliseconds = 120_000;

/** Runs the self-test on an install's folder in a process of its own. Throws `UserError` where it does not pass. */
export async function runSelfTest(
  folder: string,
  options: ToolOptions,
  script: string = fileURLToPath(new URL('./self-test.js', import.meta.url)),
): Promise<SelfTestResult> {
  const environment = { ...options.environment, ADAM_REPRO_TENSORFLOW: folder, NODE_OPTIONS: undefined };
  const limit = AbortSignal.timeout(limitMilliseconds);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const failed = (reason: string): UserError =>
    new UserError(
      `TensorFlow was built but does not work here, so it was not installed (${reason}): run the same command with ` +
        'ADAM_REPRO_DEBUG=1 and report what it says; the embedded engine (--engine wasm) is not affected.',
    );
  try {
    const { status, stdout, stderr } = await runTool([process.execPath, script], {
      ...options,
      environment,
      signal,
    });
    const { ADAM_REPRO_DEBUG } = options.environment;
    if (status !== 0) throw failed(ADAM_REPRO_DEBUG ? stderr.trim() : reasonOf(status, stderr));
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as SelfTestResult;
  } catch (error) {
    if (limit.aborted) throw failed(`no answer within ${limitMilliseconds / 1000} s`);
    throw error;
  }
}

function reasonOf(status: number | null, stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => line.startsWith('self-test: '))?.slice('self-test: '.length);
  if (said !== undefined) return said;
  if (status === null)
    return 'the process was killed, for memory or by an instruction that the processor lacks';
  return lines.at(-1) ?? `exit code ${status}`;
}
