import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adamRepro, temporaryFolder } from './built.ts';

describe('verify --csv', () => {
  const cwd = temporaryFolder();

  it('writes the table there, a row for each claim', () => {
    const { status } = adamRepro(['verify', 'A7', '--csv', 'table.csv'], { cwd });
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, 'table.csv'), 'utf8')).toMatch(/^id,statement,.*\nA7,.*\nA7-tuned,.*\n$/);
  });

  it('says in one sentence that the folder does not exist', () => {
    const { status, stderr } = adamRepro(['verify', 'A7', '--csv', 'nowhere/table.csv'], { cwd });
    expect(status).toBe(2);
    expect(stderr.trim()).toBe(
      'error: nowhere/table.csv cannot be written: its folder does not exist; create it first.',
    );
  });
});

describe('verify beside runs that were tried with --set', () => {
  const cwd = temporaryFolder();
  const run = (...options: string[]) =>
    expect(adamRepro(['run', 'ravine', '-q', ...options], { cwd }).status).toBe(0);
  const verdict = () => JSON.parse(adamRepro(['verify', 'C1', '--json'], { cwd }).stdout).claims[0];
  const slow = ['--set', 'optimizers.momentum.lr=0.0001'];

  it('says so where there is nothing else', () => {
    run('--only', 'sgd,momentum', ...slow);
    expect(verdict()).toMatchObject({
      verdict: 'not reproduced',
      ours: expect.stringMatching(/ \(settings other than the spec's: momentum\)$/),
    });
  });

  it('judges the settings of the spec, whatever was run last', () => {
    run('--only', 'sgd,momentum');
    const before = verdict();
    expect(before).toMatchObject({ verdict: 'reproduced', ours: expect.not.stringContaining('(') });
    run('--only', 'momentum', '--set', 'training.steps=1000', ...slow);
    expect(verdict()).toEqual(before);
  });
});
