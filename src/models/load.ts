import { UsageError } from '../errors.ts';
import { importUserFile } from '../user-file.ts';
import type { Model } from './model.ts';

/**
 * The model of a user's .ts, .js or .mjs file: its export `model` or its default export, a function that builds the
 * graph from `(input, context)`.
 *
 * @throws UsageError that names the file.
 */
export async function loadModelFile(path: string): Promise<Model> {
  const exports = await importUserFile(path);
  const model = exports.model ?? exports.default;
  if (typeof model !== 'function') {
    throw new UsageError(
      `${path} exports no model: export one, as in "export const model = (input, context) => ...".`,
    );
  }
  return model as Model;
}
