import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import type { StepEstimate } from './estimate-steps.ts';
import type { Experiment } from './plan-runs.ts';

export type EstimateRequest = Pick<Experiment, 'runs' | 'files'>;

export type EstimateAnswer =
  | { readonly estimates: readonly StepEstimate[] }
  /** With the exit code of a `UserError`; of anything else its stack. */
  | { readonly failure: string; readonly exitCode?: number };

const LAST_WORDS_BYTES = 2000;

/**
 * `estimateRuns`; for the TensorFlow engine in a process of its own, since the library logs lines there that no setting
 * of it silences.
 *
 * @throws UserError for what the user can mend, as `estimateRuns` does; Error where the process dies.
 */
export async function estimateApart(request: EstimateRequest): Promise<readonly StepEstimate[]> {
  if (request.runs.every(({ engine }) => engine !== 'tensorflow')) {
    return (await import('./estimate-steps.ts')).estimateRuns(request);
  }
  // estimate-process.js beside this file.
  const child = fork(fileURLToPath(new URL('./estimate-process.js', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'ignore', process.env.ADAM_REPRO_DEBUG ? 'inherit' : 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-LAST_WORDS_BYTES);
  });
  let answer: EstimateAnswer | undefined;
  child.on('message', (message: EstimateAnswer) => {
    answer = message;
  });
  const closed = once(child, 'close');
  const { runs, files } = request;
  child.send({ runs, files }, () => {});
  const [code, signal] = await closed;
  if (answer === undefined) {
    const reason = words.trim().split('\n').at(-1) || 'without a word';
    throw new Error(`measuring the steps ended with ${signal ?? `exit code ${code}`}: ${reason}`);
  }
  if ('estimates' in answer) return answer.estimates;
  const { failure, exitCode } = answer;
  throw exitCode === undefined ? new Error(failure) : new UserError(failure, { exitCode });
}
