import { describe, expect, it } from 'vitest';
import { resumeCommand } from '../../src/cli/resume-command.ts';

describe('resumeCommand', () => {
  it.each<[string[], NodeJS.ProcessEnv, string]>([
    [['run', 'mnist-mlp'], {}, 'adam-repro run mnist-mlp'],
    [['run', 'mnist-mlp'], { npm_command: 'exec' }, 'npx adam-repro run mnist-mlp'],
    [['run', 'mnist-mlp', '--fresh', '-j', '1'], {}, 'adam-repro run mnist-mlp -j 1'],
    [['run', './my spec.yaml'], {}, "adam-repro run './my spec.yaml'"],
    [['run', "it's.yaml"], {}, "adam-repro run 'it'\\''s.yaml'"],
    [['run', 'x', '--set', 'seeds=[0, 1]'], {}, "adam-repro run x --set 'seeds=[0, 1]'"],
    [['run', 'x', '--set', 'optimizers.adam.lr=3e-4'], {}, 'adam-repro run x --set optimizers.adam.lr=3e-4'],
    [['run', ''], {}, "adam-repro run ''"],
  ])('%j', (argv, environment, expected) => {
    expect(resumeCommand(argv, environment)).toBe(expected);
  });
});
