import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { SavedModel, TensorFlow } from './binding.ts';

/**
 * Loads signatures by way of a folder that exists while this lasts; TensorFlow has read all of it then.
 * @throws UserError when there is no place for the folder.
 */
export async function loadSignatures<Name extends string>(
  tf: TensorFlow,
  bytes: Uint8Array,
  names: Iterable<Name>,
): Promise<Map<Name, SavedModel>> {
  const folder = writeFolder(bytes);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const loaded = new Map<Name, SavedModel>();
  try {
    for (const name of names) loaded.set(name, await tf.node.loadSavedModel(folder, ['serve'], name));
    return loaded;
  } catch (error) {
    for (const model of loaded.values()) model.dispose();
    throw error;
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

function writeFolder(bytes: Uint8Array): string {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(tmpdir(), 'adam-repro-tensorflow-'));
    writeFileSync(join(folder, 'saved_model.pb'), bytes);
    return folder;
  } catch (cause) {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `The TensorFlow engine cannot write a temporary file (${reason}): make room in ${tmpdir()} or set TMPDIR to another folder.`,
      { cause },
    );
  }
}
