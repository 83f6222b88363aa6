// A program like `adam-repro run`: does the experiment given as JSON, tells events and states as lines of JSON, and
// stops as the command does.
import { executeRuns } from '../../dist/runner/index.js';

const { experiment, ...options } = JSON.parse(process.argv[2]);
const controller = new AbortController();
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
process.on('SIGINT', () => {
  if (controller.signal.aborted) process.exit(130);
  controller.abort();
  tell({ type: 'stopping' });
});
const states = await executeRuns(experiment, { ...options, onEvent: tell, signal: controller.signal });
tell({ type: 'states', states });
process.exitCode = controller.signal.aborted ? 130 : 0;
