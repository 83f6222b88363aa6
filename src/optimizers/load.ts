import { UsageError } from '../errors.ts';
import { importUserFile } from '../user-file.ts';
import { isOptimizer, type Optimizer } from './define.ts';
import { resolveHyper } from './hyper-parameters.ts';
import { traceRule } from './trace.ts';

/**
 * The optimizer of a user's .ts, .js or .mjs file: its export `optimizer`, its default export, or the only one of its
 * exports that is an optimizer. The rule is traced once with its defaults, so that a broken one fails here.
 *
 * @throws UsageError that names the file.
 */
export async function loadOptimizerFile(path: string): Promise<Optimizer> {
  const exports = await importUserFile(path);
  const optimizer = [exports.optimizer, exports.default].find(isOptimizer) ?? onlyOptimizer(path, exports);
  try {
    traceRule(optimizer, resolveHyper(optimizer));
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
  return optimizer;
}

function onlyOptimizer(path: string, exports: Readonly<Record<string, unknown>>): Optimizer {
  const found = Object.entries(exports).filter(([, value]) => isOptimizer(value));
  if (found.length > 1) {
    const names = found.map(([name]) => name).join(', ');
    throw new UsageError(
      `${path} exports several optimizers (${names}): export the one to use as "optimizer".`,
    );
  }
  if (!found[0]) {
    throw new UsageError(
      `${path} exports no optimizer: export one, as in "export const optimizer = defineOptimizer({ ... })".`,
    );
  }
  return found[0][1] as Optimizer;
}
