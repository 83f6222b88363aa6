import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { loadOptimizerFile, optimizers, trajectory } from '../../src/optimizers/index.ts';
import { checkRule, experimentTemplate, optimizerTemplate } from '../../src/own-optimizer/index.ts';
import { parseSpec } from '../../src/spec/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'adam-repro-template-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'mine.ts');
writeFileSync(file, optimizerTemplate('mine', './mine.ts'));

it('passes every check as it is written', async () => {
  const rule = await loadOptimizerFile(file);
  expect(rule.name).toBe('mine');
  const checks = await checkRule(rule);
  expect(checks.filter(({ status }) => status === 'failed' || status === 'skipped')).toEqual([]);
});

it('is Adam, written out', async () => {
  const options = {
    start: [1, -2],
    gradients: [
      [3, 0.1],
      [-1, 0.2],
      [0, 0.3],
    ],
  };
  const mine = await trajectory(await loadOptimizerFile(file), {}, options);
  const adam = await trajectory(optimizers.adam, {}, options);
  for (const [i, p] of mine.entries()) {
    for (const [k, x] of p.entries()) expect(x).toBeCloseTo(adam[i]![k]!, 14);
  }
});

it('satisfies the strict compiler against the public types', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const config = {
    compilerOptions: {
      ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2023', skipLibCheck: true },
      ...{ allowImportingTsExtensions: true, noUncheckedIndexedAccess: true, types: [] },
      paths: { 'adam-repro': [join(root, 'dist', 'index.d.ts')] },
    },
    files: ['./mine.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
});

it('writes a spec that is valid, with the schema in its first line', async () => {
  const text = experimentTemplate('./experiment.schema.json');
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./experiment.schema.json');
  const spec = await parseSpec(join(folder, 'my-spec.yaml'), text);
  expect(spec.name).toBe('my-spec');
});
