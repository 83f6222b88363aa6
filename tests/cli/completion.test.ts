import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type CompletionModel, completionModel } from '../../src/cli/completion-model.ts';
import { completionScript, shells } from '../../src/cli/completion-scripts.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { recordedOutput } from './recorder.ts';

const names = {
  variants: { 'mnist-mlp': ['as-drawn', 'tuned'] },
  experiments: { 'mnist-logreg': ['adam', 'sgd'], 'mnist-mlp': ['adam', 'adagrad', 'sgd-nesterov'] },
  optimizers: ['adam', 'adagrad', 'sgd'],
  datasets: ['mnist', 'synthetic'],
  topics: ['exit-codes'],
};

function model(): CompletionModel {
  const { output } = recordedOutput();
  return completionModel(
    buildProgram({ output, environment: {}, argv: [], exitCode: 0 }, '1.2.3', () => {}),
    names,
  );
}

/** What bash offers for the last word. */
function bashOffers(words: readonly string[]): string[] {
  const script = `${completionScript('bash', model())}
COMP_WORDS=(adam-repro ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_adam_repro
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((word) => word !== '');
}

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

describe('completionScript', () => {
  it.each(shells)('%s knows commands, flags, experiments and optimizers', (shell) => {
    const script = completionScript(shell, model());
    for (const word of ['run', 'validate', 'dry-run', 'mnist-mlp', 'adagrad', 'smoke', 'wasm']) {
      expect(script).toContain(word);
    }
  });

  it.skipIf(!has('bash'))('bash offers what fits', () => {
    expect(bashOffers(['va'])).toEqual(['validate']);
    expect(bashOffers(['run', 'mnist-m'])).toEqual(['mnist-mlp']);
    expect(bashOffers(['run', '--only', 'ada'])).toEqual(['adam', 'adagrad']);
    expect(bashOffers(['run', 'mnist-mlp', '--only', 's'])).toEqual(['sgd-nesterov']);
    expect(bashOffers(['run', 'mnist-mlp', '--only', 'adam,'])).toEqual([
      ...['adam,adam', 'adam,adagrad', 'adam,sgd-nesterov'],
    ]);
    expect(bashOffers(['run', 'mnist-logreg', '--only', 'adam,s'])).toEqual(['adam,sgd']);
    expect(bashOffers(['run', 'mnist-logreg', '--set', 'opt'])).toEqual([
      ...['optimizers.adam.lr=', 'optimizers.sgd.lr='],
    ]);
    expect(bashOffers(['run', 'mine.yaml', '--set', 'opt'])).toEqual([]);
    expect(bashOffers(['run', '--profile', ''])).toEqual(['smoke', 'quick', 'paper']);
    expect(bashOffers(['run', '--engine', 'w'])).toEqual(['wasm']);
    expect(bashOffers(['run', 'mnist-mlp', '--variant', ''])).toEqual(['as-drawn', 'tuned']);
    expect(bashOffers(['run', '--dry'])).toEqual(['--dry-run']);
    expect(bashOffers(['data', 'f'])).toEqual(['fetch']);
    expect(bashOffers(['data', ''])).toEqual(['list', 'fetch', 'verify', 'dir']);
    expect(bashOffers(['data', 'list', ''])).toEqual([]);
    expect(bashOffers(['data', 'fetch', 'mn'])).toEqual(['mnist']);
    expect(bashOffers(['help', 'exit'])).toEqual(['exit-codes']);
    expect(bashOffers(['list', '--js'])).toEqual(['--json']);
  });

  it.skipIf(!has('zsh'))('zsh can read its script', () => {
    const { status, stderr } = spawnSync('zsh', ['-n'], {
      input: completionScript('zsh', model()),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.skipIf(!has('fish'))('fish can read its script', () => {
    const { status } = spawnSync('fish', ['-n'], { input: completionScript('fish', model()) });
    expect(status).toBe(0);
  });
});
