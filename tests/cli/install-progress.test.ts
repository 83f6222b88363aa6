import { describe, expect, it } from 'vitest';
import { StageBoard, showInstall, stageLine } from '../../src/cli/install-progress.ts';
import { Recorder, recordedOutput } from './recorder.ts';

describe('the line of a stage', () => {
  const row = { text: 'pip: tensorflow-cpu 2.21.0', started: 0, total: 274e6, done: 137e6 };
  it('has a bar and bytes, or bytes alone, or the time where nothing is known of the size', () => {
    expect(stageLine(row, 0, true)).toBe(
      'pip: tensorflow-cpu 2.21.0  [############............]  137 MB of 274 MB',
    );
    expect(stageLine(row, 0, false)).toBe('pip: tensorflow-cpu 2.21.0  137 MB of 274 MB');
    expect(stageLine({ ...row, total: undefined }, 12_000, true)).toBe('pip: tensorflow-cpu 2.21.0  12 s');
  });

  it('never shows more than the whole', () => {
    const board = new StageBoard();
    board.apply({ type: 'started', stage: 'download', text: 'a', total: 10 }, 0);
    board.apply({ type: 'progress', stage: 'download', done: 20 }, 1);
    expect(board.rows.get('download')?.done).toBe(10);
    expect(board.apply({ type: 'finished', stage: 'download' }, 2)?.text).toBe('a');
    expect(board.rows.size).toBe(0);
    board.apply({ type: 'progress', stage: 'download', done: 1 }, 3);
    expect(board.rows.size).toBe(0);
  });
});

describe('an installation on stderr', () => {
  it('is a line per stage and no control character where it is no terminal', () => {
    const { output, stdout, stderr } = recordedOutput();
    const { report, stop } = showInstall(output);
    report({ type: 'started', stage: 'download', text: 'pip: a', total: 2e6 });
    report({ type: 'progress', stage: 'download', done: 1e6 });
    report({ type: 'started', stage: 'packages', text: 'npm: b' });
    report({ type: 'note', text: 'No driver.' });
    report({ type: 'finished', stage: 'download' });
    stop();
    expect(stderr.text).toBe('pip: a (2.0 MB)\nnpm: b\nwarning: No driver.\n');
    expect(stdout.text).toBe('');
  });

  it('is a block that leaves its finished lines behind on a terminal', () => {
    const terminal = new Recorder(true, 60, 20);
    const { output } = recordedOutput({ color: 'never', progress: 'always' }, { stderr: terminal });
    const { report, stop } = showInstall(output);
    report({ type: 'started', stage: 'packages', text: 'npm: b' });
    report({ type: 'finished', stage: 'packages' });
    stop();
    expect(terminal.text).toMatch(/npm: b {2}\S+ s\n/);
    expect(output.live).toBeNull();
  });

  it('is silent with --quiet, but for warnings', () => {
    const { output, stderr } = recordedOutput({ quiet: true });
    const { report, stop } = showInstall(output);
    report({ type: 'started', stage: 'download', text: 'pip: a', total: 2e6 });
    report({ type: 'note', text: 'No driver.' });
    stop();
    expect(stderr.text).toBe('warning: No driver.\n');
  });
});
