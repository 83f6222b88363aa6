// Sees to it that a data set is there, as `adam-repro data fetch` does; the parts come as JSON.
import { acquireFiles } from '../../dist/datasets/acquire/acquire.js';

const { source, ...options } = JSON.parse(process.argv[2]);
try {
  await acquireFiles(source, { ...options, retryDelay: 0 });
} catch (error) {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
}
