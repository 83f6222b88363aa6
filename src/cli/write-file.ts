import { writeFileSync } from 'node:fs';
import { UsageError, UserError } from '../errors.ts';

/**
 * Writes a file where the user named it; whatever was there is replaced, unless the file has to be new.
 *
 * @throws UsageError where its folder does not exist, or the file does and had to be new; UserError where it cannot be
 *   written for another reason.
 */
export function writeFile(file: string, text: string, { isNew = false } = {}): void {
  try {
    writeFileSync(file, text, { flag: isNew ? 'wx' : 'w' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError(`${file} exists, and nothing is overwritten: choose another name.`, { cause });
    }
    if (code === 'ENOENT') {
      throw new UsageError(`${file} cannot be written: its folder does not exist; create it first.`, {
        cause,
      });
    }
    throw new UserError(`${file} cannot be written (${message}): choose another place for it.`, { cause });
  }
}
