import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamRepro, root, temporaryFolder, writeTinySpec } from './built.ts';

let cwd: string;
beforeAll(() => {
  cwd = temporaryFolder();
  writeTinySpec(cwd);
});
const json = (...args: string[]) => {
  const { stdout, status } = adamRepro([...args, '--json', '-q'], { cwd });
  return { status, document: JSON.parse(stdout) };
};

describe('from an empty folder to a comparison', () => {
  it('writes a rule that is sound, once', () => {
    expect(json('init', 'optimizer', 'mine.ts').status).toBe(0);
    const before = readFileSync(join(cwd, 'mine.ts'), 'utf8');
    const again = json('init', 'optimizer', 'mine.ts');
    expect(again.status).toBe(2);
    expect(again.document.error.message).toContain('nothing is overwritten');
    expect(readFileSync(join(cwd, 'mine.ts'), 'utf8')).toBe(before);
    const { status, document } = json('check', 'mine.ts');
    expect({ status, passed: document.passed }).toEqual({ status: 0, passed: true });
  });

  it('runs it alone, takes the others from what is there, and computes them when asked to', () => {
    expect(json('run', 'tiny.yaml', '--only', 'sgd').status).toBe(0);
    const alone = json('run', 'tiny.yaml', '--optimizer', './mine.ts');
    expect(alone.status).toBe(0);
    expect(alone.document.runs.map((run: { optimizer: string }) => run.optimizer)).toEqual(['mine']);
    const { rows, missing, baseline } = alone.document.comparison;
    expect(rows.map((row: { optimizer: string }) => row.optimizer).sort()).toEqual(['mine', 'sgd']);
    expect({ missing, baseline }).toEqual({
      missing: [{ optimizer: 'adam', runs: 1, of: 1 }],
      baseline: 'sgd',
    });
    const all = json('run', 'tiny.yaml', '--optimizer', './mine.ts', '--with-classics');
    expect(all.document.comparison).toMatchObject({ missing: [] });
    expect(all.document.comparison.rows).toHaveLength(3);
  });

  it('draws the whole experiment, also after a part of it was run', () => {
    for (const part of [
      ['--only', 'adam'],
      ['--optimizer', './mine.ts'],
    ]) {
      const { document } = json('run', 'tiny.yaml', ...part);
      const svg = (document.files as string[]).find((file) => file.endsWith('.svg'))!;
      const source = JSON.parse(readFileSync(join(cwd, svg.replace('.svg', '.vl.json')), 'utf8'));
      expect(source.description).toContain('Profile quick, seed 0');
      expect(source.description).not.toContain('of 2 optimizers');
    }
  });

  it('writes a spec that is valid', () => {
    expect(json('init', 'experiment', 'my-spec.yaml').status).toBe(0);
    expect(json('validate', 'my-spec.yaml').status).toBe(0);
  });
});

it('the example of docs/own-optimizer.md is sound', () => {
  const docs = readFileSync(join(root, 'docs', 'own-optimizer.md'), 'utf8');
  writeFileSync(join(cwd, 'example.ts'), /```ts\n(.*?)```/s.exec(docs)![1]!);
  const { status, document } = json('check', 'example.ts');
  expect(status).toBe(0);
  for (const { name } of document.checks) expect(docs).toContain(`| ${name} `);
});

it('a check that fails has exit code 1, a file that is missing 2', () => {
  writeFileSync(join(cwd, 'broken.ts'), 'export const optimizer = 1;\n');
  const broken = json('check', 'broken.ts');
  expect(broken.status).toBe(1);
  expect(broken.document).toMatchObject({
    ...{ passed: false, checks: [{ name: 'loads', status: 'failed' }] },
    error: { code: 'failed', message: 'broken.ts: 1 of 1 checks failed: loads.' },
  });
  expect(json('check', 'nowhere.ts').status).toBe(2);
});

it('explains shipped rules and files', () => {
  expect(json('explain', 'adamw').document.explanation.calls.pytorch.call).toContain('weight_decay=0.25');
  expect(adamRepro(['explain', 'adam'], { cwd }).stdout).toContain('beta2 = 0.001 is beta2 = 0.999');
  expect(json('explain', './mine.ts').document.explanation.formula).toHaveLength(3);
});

it('completion offers the new commands with their words', () => {
  const { stdout } = adamRepro(['completion', 'bash'], { cwd });
  expect(stdout).toMatch(/words="optimizer experiment"/);
  expect(stdout).toMatch(/explain\)[\s\S]*?words="sgd [^"]*adamw"/);
  expect(stdout).toContain('--with-classics');
});
