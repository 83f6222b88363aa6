import { UserError } from '../../errors.ts';
import { checkProgram } from '../../graph/program.ts';
import type { Engine } from '../engine.ts';
import { availability } from './availability.ts';
import { tensorFlow } from './binding.ts';
import { compileExecutable } from './executable.ts';
import { locateTensorFlow } from './install/locate.ts';
import { updateKinds } from './rules.ts';
import { canCompile } from './xla.ts';

export { type UpdateKind, type UpdateKindOf, updateKinds } from './rules.ts';

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
    const tf = tensorFlow(located);
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
