import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blockLines, eventLine, showProgress, signOfLife } from '../../src/cli/progress.ts';
import { RunBoard } from '../../src/cli/run-board.ts';
import type { RunEvent, RunState } from '../../src/runner/events.ts';
import type { Progress } from '../../src/training/trial-events.ts';
import { Recorder, recordedOutput } from './recorder.ts';

const states = (n: number): RunState[] =>
  Array.from({ length: n }, (_, i) => ({
    id: `id${i}`,
    optimizer: `rule${i}`,
    seed: 0,
    status: 'pending',
    epochsDone: 0,
    epochs: 10,
  }));

const progress = (changes: Partial<Progress> = {}): Progress => ({
  epoch: 3,
  epochs: 10,
  step: 1500,
  steps: 5000,
  cost: 0.25,
  stepsPerSecond: 100,
  secondsLeft: 35,
  ...changes,
});

const size = { columns: 80, rows: 24 };

it('counts the steps of a problem', () => {
  const board = new RunBoard([{ ...states(1)[0]!, unit: 'step' }], 1);
  const started: RunEvent = { type: 'started', id: 'id0', fromEpoch: 0 };
  expect(eventLine(board, board.apply(started)!, started)).toBe('rule0 seed 0 (run 1/1): started, 10 steps');
  const going: RunEvent = { type: 'started', id: 'id0', fromEpoch: 4 };
  expect(eventLine(board, board.apply(going)!, going)).toContain('going on after step 4/10');
  expect(blockLines(board, size)[1]).toContain('step  4/10');
  expect(signOfLife(board)).toContain('step 4/10');
});

it.each(['complete', 'diverged'] as const)(
  'says of a problem that is %s nothing of steps before',
  (status) => {
    const board = new RunBoard([{ ...states(1)[0]!, unit: 'step' }], 1);
    board.apply({ type: 'progress', id: 'id0', progress: progress() });
    expect(board.rows[0]!.cost).toBe(0.25);
    const end: RunEvent = { type: 'finished', id: 'id0', status };
    expect(eventLine(board, board.apply(end)!, end)).toBe(`rule0 seed 0 (run 1/1): ${status}`);
    expect(blockLines(board, size)[1]).not.toContain('cost');
  },
);

describe('RunBoard', () => {
  it('follows the events of each run', () => {
    const board = new RunBoard(states(2), 2);
    board.apply({ type: 'started', id: 'id0', fromEpoch: 2 });
    expect(board.rows[0]).toMatchObject({ status: 'running', epochsDone: 2 });
    board.apply({ type: 'progress', id: 'id0', progress: progress() });
    expect(board.rows[0]).toMatchObject({ epochsDone: 3 });
    board.apply({ type: 'waiting', id: 'id1' });
    expect(board.rows[1]).toMatchObject({ status: 'waiting' });
    board.apply({
      type: 'finished',
      id: 'id0',
      status: 'complete',
      wall: { train: 50, evaluate: 5, other: 1 },
    });
    expect(board.rows[0]).toMatchObject({ status: 'complete', epochsDone: 10, seconds: 56 });
    expect(board.done).toBe(1);
  });

  it('counts what was done before, and takes up what was interrupted', () => {
    const [a, b, c] = states(3) as [RunState, RunState, RunState];
    const board = new RunBoard(
      [
        { ...a, status: 'complete', epochsDone: 10 },
        { ...b, status: 'interrupted', epochsDone: 4 },
        { ...c, status: 'diverged', epochsDone: 1 },
      ],
      2,
    );
    expect(board.done).toBe(2);
    expect(board.rows[1]).toMatchObject({ status: 'pending', epochsDone: 4 });
  });

  it('has no time left to tell before a step was timed', () => {
    expect(new RunBoard(states(2), 1).secondsLeft).toBeNaN();
  });

  it('waits for a first cost: between processes a cost that is no number arrives as null', () => {
    const board = new RunBoard(states(1), 1);
    const early = {
      cost: null as unknown as number,
      stepsPerSecond: 0,
      secondsLeft: null as unknown as number,
    };
    board.apply({ type: 'progress', id: 'id0', progress: progress({ ...early, epoch: 0, step: 0 }) });
    expect(board.rows[0]).toMatchObject({ status: 'running', epochsDone: 0 });
    expect(board.rows[0]!.progress).toBeUndefined();
    expect(board.secondsLeft).toBeNaN();
  });

  it('shares the time left among the workers', () => {
    const board = new RunBoard(states(3), 2);
    board.apply({ type: 'progress', id: 'id0', progress: progress({ secondsLeft: 30 }) });
    // One run takes 50 s; 30 are left of the first, and two more are to come, on two workers.
    expect(board.secondsLeft).toBe(65);
  });

  it('never promises less than the slowest run needs', () => {
    const board = new RunBoard(states(1), 4);
    board.apply({ type: 'progress', id: 'id0', progress: progress({ secondsLeft: 30 }) });
    expect(board.secondsLeft).toBe(30);
  });

  it('ends with the cost of the last whole epoch, also of runs done before', () => {
    const [a, b] = states(2) as [RunState, RunState];
    const board = new RunBoard([{ ...a, status: 'complete' }, b], 1, (id) => (id === 'id0' ? 0.5 : 0.75));
    board.apply({ type: 'progress', id: 'id1', progress: progress() });
    expect(board.rows.map(({ cost }) => cost)).toEqual([0.5, 0.25]);
    board.apply({ type: 'finished', id: 'id1', status: 'complete' });
    expect(board.rows.map(({ cost }) => cost)).toEqual([0.5, 0.75]);
  });

  it('ignores runs it does not know', () => {
    const board = new RunBoard(states(1), 1);
    expect(board.apply({ type: 'started', id: 'other', fromEpoch: 0 })).toBeUndefined();
  });
});

describe('lines without a terminal', () => {
  const lineOf = (event: RunEvent, before: RunEvent[] = []): string | undefined => {
    const board = new RunBoard(states(3), 2);
    for (const earlier of before) board.apply(earlier);
    return eventLine(board, board.apply(event)!, event);
  };

  it.each<[string, RunEvent, string | undefined]>([
    ['a start', { type: 'started', id: 'id1', fromEpoch: 0 }, 'rule1 seed 0 (run 2/3): started, 10 epochs'],
    [
      'a run taken up',
      { type: 'started', id: 'id1', fromEpoch: 4 },
      'rule1 seed 0 (run 2/3): going on after epoch 4/10',
    ],
    ['progress', { type: 'progress', id: 'id0', progress: progress() }, undefined],
    [
      'a run of another process',
      { type: 'waiting', id: 'id0' },
      'rule0 seed 0 (run 1/3): another process works on it, waiting for its result',
    ],
    [
      'a process that died',
      { type: 'retried', id: 'id0', reason: 'the worker process was killed (SIGABRT)', retry: 1, of: 2 },
      'rule0 seed 0 (run 1/3): the worker process was killed (SIGABRT); another one goes on from its last checkpoint (retry 1 of 2)',
    ],
    [
      'a failure',
      { type: 'finished', id: 'id0', status: 'failed', reason: 'killed (signal 9)' },
      'rule0 seed 0 (run 1/3): failed, killed (signal 9)',
    ],
  ])('%s', (_, event, expected) => {
    expect(lineOf(event)).toBe(expected);
  });

  it('ends with cost and time', () => {
    const before: RunEvent = { type: 'progress', id: 'id0', progress: progress() };
    const wall = { train: 40, evaluate: 5, other: 0 };
    expect(lineOf({ type: 'finished', id: 'id0', status: 'complete', wall }, [before])).toBe(
      'rule0 seed 0 (run 1/3): complete, minibatch cost 0.2500, 45 s',
    );
    expect(lineOf({ type: 'finished', id: 'id0', status: 'diverged' }, [before])).toContain(
      'diverged in epoch 4/10',
    );
  });

  it('names every run at work as a sign of life', () => {
    const board = new RunBoard(states(3), 2);
    expect(signOfLife(board)).toBe('0/3 runs done');
    board.apply({ type: 'started', id: 'id0', fromEpoch: 0 });
    board.apply({ type: 'progress', id: 'id1', progress: progress() });
    expect(signOfLife(board)).toBe(
      'rule0 seed 0: epoch 0/10, preparing\nrule1 seed 0: epoch 3/10, cost 0.2500, 100 steps/s, ETA 35 s',
    );
  });
});

describe('an evaluation', () => {
  const evaluation = { done: 24_500, of: 70_000 };

  it('is shown before the first step', () => {
    const board = new RunBoard(states(1), 1);
    const none = { epoch: 0, step: 0, cost: Number.NaN, stepsPerSecond: 0, secondsLeft: Number.NaN };
    board.apply({ type: 'progress', id: 'id0', progress: progress({ ...none, evaluation }) });
    expect(signOfLife(board)).toBe('rule0 seed 0: epoch 0/10, evaluating 35%');
    expect(blockLines(board, size)[1]).toBe('  rule0  seed 0  epoch  0/10  evaluating 35%');
  });

  it('is shown between two epochs with what was known before, and is over with the next step', () => {
    const board = new RunBoard(states(1), 1);
    board.apply({ type: 'progress', id: 'id0', progress: progress() });
    const unknown = progress({ epoch: 4, cost: Number.NaN, evaluation });
    board.apply({ type: 'progress', id: 'id0', progress: unknown });
    expect(signOfLife(board)).toBe('rule0 seed 0: epoch 4/10, cost 0.2500, evaluating 35%, ETA 35 s');
    expect(blockLines(board, size)[1]).toBe(
      '  rule0  seed 0  epoch  4/10  cost 0.2500     evaluating 35%  ETA 0:35',
    );
    board.apply({ type: 'progress', id: 'id0', progress: progress({ epoch: 4 }) });
    expect(signOfLife(board)).toContain('100 steps/s');
  });
});

describe('the live block', () => {
  it('has a summary and one line per run', () => {
    const board = new RunBoard(states(3), 2);
    board.apply({ type: 'progress', id: 'id0', progress: progress() });
    board.apply({ type: 'finished', id: 'id1', status: 'failed', reason: 'out of memory' });
    expect(blockLines(board, size)).toEqual([
      '1/3 runs done, 1 running, ETA 43 s',
      '  rule0  seed 0  epoch  3/10  cost 0.2500       100 steps/s  ETA 0:35',
      '  rule1  seed 0  epoch  0/10  failed: out of memory',
      '  rule2  seed 0  epoch  0/10  pending',
    ]);
  });

  it('is cut to the width of the terminal', () => {
    const board = new RunBoard(states(2), 2);
    board.apply({ type: 'finished', id: 'id1', status: 'failed', reason: 'x'.repeat(200) });
    for (const line of blockLines(board, { columns: 30, rows: 24 })) expect(line.length).toBeLessThan(30);
  });

  it('shows the runs at work where not all fit', () => {
    const board = new RunBoard(states(20), 2);
    board.apply({ type: 'started', id: 'id15', fromEpoch: 0 });
    const lines = blockLines(board, { columns: 80, rows: 5 });
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain('16 not shown');
    expect(lines.join('\n')).toContain('rule15');
  });
});

describe('showProgress', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('gives a sign of life every 30 s and nothing after the end, without escapes', () => {
    const { output, stderr } = recordedOutput();
    const display = showProgress(output, new RunBoard(states(1), 1));
    display.apply({ type: 'started', id: 'id0', fromEpoch: 0 });
    display.apply({ type: 'progress', id: 'id0', progress: progress() });
    vi.advanceTimersByTime(61_000);
    display.stop();
    vi.advanceTimersByTime(100_000);
    expect(stderr.text.split('\n').filter((line) => line.includes('ETA'))).toHaveLength(2);
    expect(stderr.text).not.toContain('\r');
    expect(stderr.text).not.toContain('\u001b');
  });

  it('says nothing with --quiet', () => {
    const { output, stderr } = recordedOutput({ quiet: true });
    const display = showProgress(output, new RunBoard(states(1), 1));
    display.apply({ type: 'started', id: 'id0', fromEpoch: 0 });
    vi.advanceTimersByTime(61_000);
    display.stop();
    expect(stderr.text).toBe('');
  });

  it('redraws its lines in place, and gives the cursor back', () => {
    const stderr = new Recorder(true, 80, 24);
    const { output } = recordedOutput({}, { stderr });
    const display = showProgress(output, new RunBoard(states(2), 1));
    expect(stderr.text.startsWith('\u001b[?25l')).toBe(true);
    stderr.text = '';
    output.note('a note');
    // Up over the three lines, erase, the note, and the three lines again.
    expect(stderr.text.startsWith('\r\u001b[3A\u001b[Ja note\n')).toBe(true);
    stderr.text = '';
    display.apply({ type: 'progress', id: 'id0', progress: progress() });
    vi.advanceTimersByTime(200);
    expect(stderr.text.startsWith('\r\u001b[3A')).toBe(true);
    expect(stderr.text).toContain('cost 0.2500');
    display.stop();
    expect(stderr.text.endsWith('\u001b[?25h')).toBe(true);
    expect(output.live).toBeNull();
    stderr.text = '';
    vi.advanceTimersByTime(1000);
    expect(stderr.text).toBe('');
  });

  it('leaves no line behind in a terminal that became lower and higher again', () => {
    const stderr = new Recorder(true, 80, 24);
    const { output } = recordedOutput({}, { stderr });
    const display = showProgress(output, new RunBoard(states(6), 1));
    const next = (rows: number): string => {
      stderr.rows = rows;
      stderr.text = '';
      vi.advanceTimersByTime(150);
      return stderr.text;
    };
    const up = (lines: number) => `\r\u001b[${lines}A`;
    expect(next(24).startsWith(up(7))).toBe(true);
    // Of seven lines and the cursor's, four are left; those above come back with the height.
    expect(next(4).startsWith(up(3))).toBe(true);
    expect(next(6).startsWith(up(3 + 2))).toBe(true);
    expect(next(24).startsWith(up(5 + 2))).toBe(true);
    expect(next(24).startsWith(up(7))).toBe(true);
    display.stop();
  });

  it('leaves no listener behind', () => {
    const before = process.listenerCount('exit');
    const { output } = recordedOutput({ progress: 'always' });
    showProgress(output, new RunBoard(states(1), 1)).stop();
    expect(process.listenerCount('exit')).toBe(before);
  });
});
