import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSelfTest } from '../../../../src/engines/tensorflow/install/run-self-test.ts';
import { failureOf, put, temporaryFolder } from './fake-tools.ts';

/** Runs `source` as the self-test of the folder `here`. */
function run(source: string, settings: NodeJS.ProcessEnv = {}, signal?: AbortSignal) {
  const script = join(temporaryFolder(), 'self-test.cjs');
  put(script, source);
  return runSelfTest('here', { environment: { ...process.env, ...settings }, signal }, script);
}

describe('the self-test', () => {
  it('gets the folder and gives its result, whatever TensorFlow prints before', async () => {
    const source = `console.log('a log line'); console.log(JSON.stringify({ device: process.env.ADAM_REPRO_TENSORFLOW, checks: [] }))`;
    expect(await run(source)).toEqual({ device: 'here', checks: [] });
  });

  it.each([
    [`console.error('I log\\nself-test: 1 is not 2'); process.exit(1)`, '(1 is not 2)'],
    [`throw new Error('no binding')`, 'not installed ('],
    [`process.kill(process.pid, 'SIGILL')`, '(the process was killed, for memory or by an instruction'],
    [`process.exit(7)`, '(exit code 7)'],
  ])('fails with the reason of %s', async (source, reason) => {
    expect(await failureOf(run(source))).toContain(reason);
  });

  it('tells all that TensorFlow said with ADAM_REPRO_DEBUG', async () => {
    const source = `console.error('I log\\nself-test: 1 is not 2'); process.exit(1)`;
    expect(await failureOf(run(source, { ADAM_REPRO_DEBUG: '1' }))).toContain(
      '(I log\nself-test: 1 is not 2)',
    );
  });

  it('ends with an aborted signal', async () => {
    const controller = new AbortController();
    const running = run('setInterval(() => {}, 1000)', {}, controller.signal);
    controller.abort(new Error('stopped by the user'));
    expect(await failureOf(running)).toBe('stopped by the user');
  });
});
