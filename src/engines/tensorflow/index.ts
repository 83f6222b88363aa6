import { UserError } from '../../errors.ts';
import { sizeOf } from '../../graph/node.ts';
import { checkProgram, type Program, signatureOrder } from '../../graph/program.ts';
import type { Engine } from '../engine.ts';
import { availability } from './availability.ts';
import { tensorFlow } from './binding.ts';
import { compileExecutable } from './executable.ts';
import { locateTensorFlow } from './install/locate.ts';
import { updateKinds } from './rules.ts';
import { canCompile } from './xla.ts';

export { type UpdateKind, type UpdateKindOf, updateKinds } from './rules.ts';

/** Multiplications above which a product counts as large: logistic regression on MNIST has 1 M of them, an MLP 100 M. */
const largeProduct = 8e6;

function hasLargeProducts({ signatures: { step } }: Program): boolean {
  return signatureOrder(step).some(({ op, inputs, shape }) => {
    if (op.startsWith('conv2d')) return true;
    if (op !== 'matmul') return false;
    const inner = sizeOf(inputs[0]!.shape) / shape[0]!;
    return sizeOf(shape) * inner > largeProduct;
  });
}

/** TensorFlow on a GPU or on the CPU, one call for each step: a program becomes a SavedModel (docs/tensorflow-engine.md). */
export const tensorflow: Engine = {
  name: 'tensorflow',
  availability: async () => availability(),
  async compile(program) {
    checkProgram(program);
    const located = locateTensorFlow();
    if (located === null) {
      const { reason, remedy } = availability() as { reason: string; remedy: string };
      throw new UserError(`The engine tensorflow is not available: ${reason}; ${remedy}.`);
    }
    const tf = tensorFlow(located, hasLargeProducts(program));
    const wantsXla = updateKinds(program).some(({ kind }) => kind === 'compiled');
    return compileExecutable(tf, program, wantsXla && (await canCompile(tf)));
  },
  describeUpdates: (program) =>
    updateKinds(program).map(({ parameter, kind, op }) => ({
      parameter,
      how:
        kind === 'training-op'
          ? `training op ${op}`
          : kind === 'compiled'
            ? 'compiled by XLA'
            : 'elementwise nodes',
    })),
};
