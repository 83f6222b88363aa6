// Imported before a program: it waits until the file BARRIER/go is there, so that several begin at the same moment.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.BARRIER;
delete process.env.BARRIER; // its workers do not wait
if (folder) {
  writeFileSync(join(folder, `ready-${process.pid}`), '');
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(join(folder, 'go'))) Atomics.wait(nothing, 0, 0, 1);
}
