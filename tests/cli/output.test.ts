import { describe, expect, it } from 'vitest';
import { Recorder, recordedOutput } from './recorder.ts';

describe('Output', () => {
  it('sends results to stdout and everything else to stderr', () => {
    const { output, stdout, stderr } = recordedOutput({ verbose: true });
    output.result({ value: 1 }, () => 'the result');
    output.note('a note');
    output.detail('a detail');
    output.notice('a notice');
    output.warn('a warning');
    output.error('an error');
    expect(stdout.text).toBe('the result\n');
    expect(stderr.text).toBe('a note\na detail\na notice\nwarning: a warning\nerror: an error\n');
  });

  it('prints one JSON document, and refuses a second', () => {
    const { output, stdout } = recordedOutput({ json: true });
    output.result({ value: 1 }, () => 'text');
    expect(JSON.parse(stdout.text)).toEqual({ schemaVersion: 1, value: 1 });
    expect(output.documentWritten).toBe(true);
    expect(() => output.result({}, () => '')).toThrow('second JSON document');
  });

  it('says less with --quiet, but never hides warnings, errors and what a signal did', () => {
    const { output, stdout, stderr } = recordedOutput({ quiet: true });
    output.result({}, () => 'the result');
    output.note('a note');
    output.detail('a detail');
    output.notice('a notice');
    output.warn('a warning');
    output.error('an error');
    expect(stdout.text).toBe('the result\n');
    expect(stderr.text).toBe('a notice\nwarning: a warning\nerror: an error\n');
  });

  it('decides on colour for each stream by itself', () => {
    const stderr = new Recorder(true);
    const { output, stdout } = recordedOutput({}, { stderr });
    output.result({}, () => output.paint.red('plain'));
    output.error('red');
    expect(stdout.text).toBe('plain\n');
    expect(stderr.text).toContain('\u001b[31merror:\u001b[39m');
  });

  it.each([
    ['a pipe', {}, false, {}, 'lines'],
    ['a terminal', {}, true, {}, 'live'],
    ['a dumb terminal', {}, true, { TERM: 'dumb' }, 'lines'],
    ['--quiet', { quiet: true }, true, {}, 'none'],
    ['--verbose', { verbose: true }, true, {}, 'lines'],
    ['--progress never', { progress: 'never' }, true, {}, 'none'],
    ['--progress always', { progress: 'always' }, false, {}, 'live'],
  ] as const)('shows progress on %s', (_, settings, isTTY, environment, expected) => {
    const { output } = recordedOutput(settings, { stderr: new Recorder(isTTY), environment });
    expect(output.progressStyle).toBe(expected);
  });

  it('lets a live region step aside for a line', () => {
    const { output, stderr } = recordedOutput();
    output.live = { clear: () => stderr.write('<clear>'), draw: () => stderr.write('<draw>') };
    output.note('a note');
    expect(stderr.text).toBe('<clear>a note\n<draw>');
  });

  it('assumes 80 by 24 where the size is not known', () => {
    expect(recordedOutput().output.noteSize).toEqual({ columns: 80, rows: 24 });
    const stderr = new Recorder(true, 132, 50);
    expect(recordedOutput({}, { stderr }).output.noteSize).toEqual({ columns: 132, rows: 50 });
  });
});
