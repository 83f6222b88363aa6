// Runs in a process of its own, with ADAM_REPRO_TENSORFLOW set to the folder to test; prints its result as JSON.
import { reference } from '../../reference/index.ts';
import { tensorflow } from '../index.ts';
import { loadBinding, locateTensorFlow } from './locate.ts';
import type { SelfTestResult } from './store.ts';
import { trialSteps } from './trial-steps.ts';

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
  const wanted = await trialSteps(reference);
  const found = await trialSteps(tensorflow);
  // Single precision with sums in another order; the numbers are of the order of 1.
  const agree =
    wanted.length === found.length && wanted.every((value, i) => Math.abs(value - found[i]!) < 1e-5);
  check('training steps agree with the reference engine', agree, { wanted, found });
  return { device: tf.backend().isUsingGpuDevice ? 'GPU' : 'CPU', checks };
}

selfTest().then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stderr.write(`self-test: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
