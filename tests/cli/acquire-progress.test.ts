import { describe, expect, it } from 'vitest';
import { showAcquiring } from '../../src/cli/acquire-progress.ts';
import { Recorder, recordedOutput } from './recorder.ts';

/** The two lines that a terminal shows in the end, and everything written to it. */
function onTerminal(columns = 60) {
  const terminal = new Recorder(true, columns, 20);
  const { output } = recordedOutput({ color: 'never' }, { stderr: terminal });
  return { terminal, output, display: showAcquiring(output) };
}

const up = '\r\u001b[1A\u001b[J';
const end = '\u001b[K\n';

describe('what is fetched, on a terminal', () => {
  it('has one line below that is drawn anew in its place, every second', () => {
    const { terminal, output, display } = onTerminal();
    display.onProgress('fetching a', false);
    display.onProgress('still fetching a, for 1 s', true);
    display.onProgress('still fetching a, for 2 s', true);
    display.onProgress('unpacking a', false);
    display.stop();
    expect(display.progressInterval).toBeLessThanOrEqual(2000);
    expect(terminal.text).toBe(
      `fetching a\nstill fetching a, for 1 s${end}${up}still fetching a, for 2 s${end}${up}unpacking a\n`,
    );
    expect(output.live).toBeNull();
  });

  it('steps aside for other lines, and is gone at the end', () => {
    const { terminal, output, display } = onTerminal();
    display.onProgress('still fetching a', true);
    output.notice('Stopping');
    display.stop();
    expect(terminal.text).toBe(`still fetching a${end}${up}Stopping\nstill fetching a${end}${up}`);
  });

  it('is cut to the width, so that one line stays one', () => {
    const { terminal, display } = onTerminal(12);
    display.onProgress('still fetching a', true);
    expect(terminal.text.replace(end, '').length).toBeLessThan(12);
  });
});

describe('what is fetched, elsewhere', () => {
  it('is plain lines, one every 30 s', () => {
    const { output, stderr } = recordedOutput();
    const display = showAcquiring(output);
    display.onProgress('fetching a', false);
    display.onProgress('still fetching a, for 30 s', true);
    display.stop();
    expect(display.progressInterval).toBe(30_000);
    expect(stderr.text).toBe('fetching a\nstill fetching a, for 30 s\n');
  });

  it.each([
    ['--progress never', { progress: 'never' }, 'fetching a\n'],
    ['--quiet', { quiet: true }, ''],
  ] as const)('says less with %s', (_, settings, expected) => {
    const { output, stderr } = recordedOutput(settings, { stderr: new Recorder(true, 60, 20) });
    const display = showAcquiring(output);
    display.onProgress('fetching a', false);
    display.onProgress('still fetching a', true);
    display.stop();
    expect(stderr.text).toBe(expected);
  });
});
