/** The program of a process that measures steps, for estimate-apart.ts: one request, one answer. */
import { UserError } from '../errors.ts';
import type { EstimateAnswer, EstimateRequest } from './estimate-apart.ts';
import { estimateRuns } from './estimate-steps.ts';

async function answerTo(request: EstimateRequest): Promise<EstimateAnswer> {
  try {
    return { estimates: await estimateRuns(request) };
  } catch (error) {
    if (error instanceof UserError) return { failure: error.message, exitCode: error.exitCode };
    return { failure: error instanceof Error ? error.stack! : String(error) };
  }
}

process.once('message', async (request: EstimateRequest) => {
  process.send!(await answerTo(request), () => process.exit());
});
process.once('disconnect', () => process.exit(1));
