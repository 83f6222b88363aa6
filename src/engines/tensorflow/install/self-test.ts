// Runs in a process of its own, with ADAM_REPRO_TENSORFLOW set to the folder to test; prints its result as JSON.
import { loadBinding, locateTensorFlow } from './locate.ts';
import type { SelfTestResult } from './store.ts';

interface Tensor {
  dataSync(): ArrayLike<number>;
}
interface Module {
  tensor2d(values: readonly (readonly number[])[]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  getBackend(): string;
  backend(): { readonly isUsingGpuDevice: boolean };
}

const checks: string[] = [];

function check(name: string, passed: boolean, found: unknown): void {
  if (!passed) throw new Error(`${name}: ${JSON.stringify(found)}`);
  checks.push(name);
}

async function selfTest(): Promise<SelfTestResult> {
  const located = locateTensorFlow();
  if (located === null) throw new Error('the folder is incomplete');
  const tf = loadBinding<Module>(located);
  check('the binding loads', tf.getBackend() === 'tensorflow', tf.getBackend());
  const product = tf
    .matMul(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      tf.tensor2d([
        [5, 6],
        [7, 8],
      ]),
    )
    .dataSync();
  check('a matrix product is right', String(Array.from(product)) === '19,22,43,50', product);
  return { device: tf.backend().isUsingGpuDevice ? 'GPU' : 'CPU', checks };
}

selfTest().then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(`self-test: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
