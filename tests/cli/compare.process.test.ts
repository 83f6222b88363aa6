import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder, writeTinySpec } from './built.ts';

let cwd: string;
beforeAll(() => {
  cwd = temporaryFolder();
  writeTinySpec(cwd);
  for (const engine of ['reference', 'wasm']) {
    expect(adamRepro(['run', 'tiny.yaml', '-q', '--engine', engine, '-o', engine], { cwd }).status).toBe(0);
  }
});

describe('compare', () => {
  it('shows two engines side by side', () => {
    const { stdout, status } = adamRepro(['compare', 'reference', 'wasm', '--csv', 'table.csv'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('A: reference/tiny/quick (reference)');
    expect(stdout).toContain('B: wasm/tiny/quick (wasm)');
    expect(stdout).toMatch(/^adam +2 +1\.\d+ +1\.\d+ +[+-]\S+ % +one seed/m);
    expect(readFileSync(join(cwd, 'table.csv'), 'utf8').split('\n')).toHaveLength(1 + 2 + 1);
  });

  it('is strict on request', () => {
    expect(adamRepro(['compare', 'reference/tiny', 'wasm/tiny', '--strict', '0.01'], { cwd }).status).toBe(0);
    const exact = adamRepro(['compare', 'reference/tiny', 'wasm/tiny', '--strict', '0'], { cwd });
    expect(exact.status).toBe(3);
    expect(exact.stderr).toMatch(/tiny \(quick\): adam differs by .* more than 0\./);
    expect(adamRepro(['compare', 'wasm', 'wasm', '--strict', '0'], { cwd }).status).toBe(0);
  });

  it('is strict with an optimizer that cannot be compared', () => {
    cpSync(join(cwd, 'wasm'), join(cwd, 'cut'), { recursive: true });
    const curves = join(cwd, 'cut/tiny/quick/curves.csv');
    const lines = readFileSync(curves, 'utf8').split('\n');
    const kept = lines.filter((line) => !/,adam,.*,minibatch-cost,/.test(line));
    writeFileSync(curves, kept.join('\n'));
    const { stderr, stdout, status } = adamRepro(['compare', 'cut', 'wasm', '--strict', '0'], { cwd });
    expect(stdout).toContain('Not comparable, as A and B have no epoch in common: adam');
    expect(stderr).toContain('tiny (quick): adam has no epoch that both sides have.');
    expect(status).toBe(3);
  });

  it('is strict with runs whose settings the other side lacks', () => {
    const grid = (values: string) => ['--only', 'adam', '--set', `optimizers.adam.grid.lr=${values}`];
    const run = (values: string, folder: string) =>
      adamRepro(['run', 'tiny.yaml', '-q', '--engine', 'wasm', ...grid(values), '-o', folder], { cwd });
    expect(run('[0.1,0.2]', 'low').status).toBe(0);
    expect(run('[0.3,0.4]', 'high').status).toBe(0);
    const { stderr, status } = adamRepro(['compare', 'low', 'high', '--strict', '9'], { cwd });
    expect(stderr).toContain(
      'tiny (quick): adam has runs on each side with settings that the other one lacks.',
    );
    expect(status).toBe(3);
  });

  it('compares two optimizers in one folder', () => {
    const { stdout } = adamRepro(['compare', 'wasm', 'tiny', '--optimizers', 'adam,sgd', '--json'], { cwd });
    expect(JSON.parse(stdout).comparisons).toMatchObject([
      { optimizer: 'adam | sgd', epoch: 2, profile: 'quick' },
    ]);
  });

  it.each([
    [['wasm'], 'name a second folder'],
    [['wasm', 'nowhere'], 'nowhere is no folder'],
    [['wasm', 'reference', 'tini'], 'did you mean "tiny"?'],
    [['wasm', '--optimizers', 'adam,sdg'], 'did you mean "sgd"?'],
    [['wasm', 'reference', '--optimizers', 'adam,sgd'], 'leave the second folder'],
    [['wasm', '--optimizers', 'adam'], 'Expected two optimizers'],
    [['wasm', 'reference', '--csv', 'nowhere/table.csv'], 'nowhere/table.csv cannot be written'],
  ])('refuses %j in one sentence', (args, message) => {
    const { stderr, status } = adamRepro(['compare', ...args], { cwd });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
