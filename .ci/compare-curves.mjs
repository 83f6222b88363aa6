// Compares curves of one run on several engines: arguments are their curves.csv, the first one is the reference.
// The initial cost must agree to 1e-5, every later value to 1e-3, relative.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const [reference, ...others] = process.argv
  .slice(2)
  .map((file) => parse(readFileSync(file), { columns: true }));
let worst = 0;
for (const rows of others) {
  if (rows.length !== reference.length) throw new Error(`${rows.length} rows instead of ${reference.length}`);
  for (const [i, row] of rows.entries()) {
    // A misclassified fraction jumps by one example.
    if (row.metric === 'error') continue;
    const expected = Number(reference[i].value);
    const difference = Math.abs(Number(row.value) - expected) / expected;
    worst = Math.max(worst, difference);
    if (!(difference <= (row.step === '0' ? 1e-5 : 1e-3))) {
      throw new Error(
        `${row.engine}, step ${row.step}, ${row.split} ${row.metric}: ${row.value} instead of ${expected}`,
      );
    }
  }
}
console.log(
  `${others.length + 1} engines agree on ${reference.length} values, the largest relative difference is ${worst.toExponential(1)}`,
);
