import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The package as a user installs it: from its tarball, in an empty folder. Needs the build and the npm registry. */
describe('the installed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adam-repro-package-'));
  const run = (...args: string[]): string =>
    execFileSync('npx', ['--no-install', 'adam-repro', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ADAM_REPRO_DATA: '' },
    });

  beforeAll(() => {
    const root = resolve(import.meta.dirname, '..');
    // The build is there already (`npm test` begins with it); a second one here would race with other tests.
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
    const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${filename}`], { cwd: folder });
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lists the shipped experiments', () => {
    expect(run('list')).toMatch(/mnist-logreg[\s\S]*mnist-mlp/);
  });

  it('does not bring the TensorFlow package along: it downloads hundreds of megabytes', () => {
    expect(existsSync(join(folder, 'node_modules/@tensorflow'))).toBe(false);
  });

  it('trains the user’s own spec with a rule of their own, and writes into the current folder', () => {
    const rule = `import { defineOptimizer, multiply, sign } from 'adam-repro';
      export const optimizer = defineOptimizer({
        name: 'signsgd', reference: 'Bernstein et al. 2018', hyper: { lr: 1e-3 },
        update: ({ g }, h, { lr }) => ({ step: multiply(lr, sign(g)) }),
      });`;
    const spec = `title: Two optimizers
data: { name: synthetic, trainExamples: 64, testExamples: 32 }
model: { type: mlp, hidden: [8] }
training: { batchSize: 16, epochs: 2 }
optimizers:
  adam: {}
  mine: { rule: ./signsgd.ts }
`;
    writeFileSync(join(folder, 'signsgd.ts'), rule);
    writeFileSync(join(folder, 'two.yaml'), spec);
    // The embedded engine, whatever else this machine has.
    run('run', './two.yaml', '--engine', 'wasm');
    const curves = readFileSync(join(folder, 'results/two/quick/curves.csv'), 'utf8');
    expect(curves.split('\n')[0]).toBe(
      'experiment,profile,engine,optimizer,run,seed,epoch,step,split,metric,value',
    );
    expect(curves).toMatch(/^two,quick,wasm,adam,/m);
    expect(curves).toMatch(/^two,quick,wasm,mine,/m);
    expect(readdirSync(join(folder, 'results/two/quick/runs'))).toHaveLength(2);
  }, 120_000);
});
