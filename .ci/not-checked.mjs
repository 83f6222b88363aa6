// Prints a line for every test that was skipped, from vitest's report in JSON: the title says why, where there is a reason.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const { name, assertionResults } of testResults) {
  for (const { status, fullName } of assertionResults) {
    if (status === 'passed' || status === 'failed') continue;
    console.log(`not checked: ${relative(process.cwd(), name)}: ${fullName}`);
  }
}
