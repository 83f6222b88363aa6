import { expect, it } from 'vitest';
import { withTensorFlow } from '../engines/tensorflow/required.ts';
import { adamRepro, temporaryFolder } from './built.ts';

withTensorFlow('a dry run on TensorFlow', () => {
  const note = 'measuring a few steps of each optimizer ...\n';

  it('says nothing of what the library logs', () => {
    const args = ['run', 'mnist-mlp', '--profile', 'smoke', '--engine', 'tensorflow', '-n', '--only', 'adam'];
    const { stdout, stderr } = adamRepro(args, { cwd: temporaryFolder() });
    expect(stderr).toBe(`mnist-mlp: ${note}`);
    expect(stdout).toMatch(/^adam +0 +due +0\/1 +10 +\d/m);
  });

  it('of a search has a time for every optimizer', () => {
    const args = ['recover', 'mnist-mlp', '--profile', 'quick', '--engine', 'tensorflow', '-n'];
    const { stdout, stderr } = adamRepro([...args, '--only', 'adam,adagrad'], { cwd: temporaryFolder() });
    expect(stderr.toLowerCase()).toBe(note);
    expect(stdout).toMatch(/^ +6 +adam +\d+ +\d/m);
    expect(stdout).toMatch(/^ +6 +adagrad +\d+ +\d/m);
  });
});
