import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoppedError, withStopSignals } from '../../src/cli/signals.ts';
import { recordedOutput } from './recorder.ts';

const options = { announcement: 'Stopping', conclusion: 'Stopped.' };

describe('withStopSignals', () => {
  let now = 0;
  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('aborts at the first signal, and says so', async () => {
    const { output, stderr } = recordedOutput({ quiet: true });
    const reason = await withStopSignals(output, options, async (signal) => {
      expect(signal.aborted).toBe(false);
      process.emit('SIGINT', 'SIGINT');
      return signal.reason as unknown;
    });
    expect(reason).toBeInstanceOf(StoppedError);
    expect(reason).toMatchObject({ message: 'Stopped.', exitCode: 130 });
    expect(stderr.text).toBe('Stopping (Ctrl-C again to quit now)\n');
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('names no keys after %s', async (name) => {
    const { output, stderr } = recordedOutput();
    await withStopSignals(output, options, async () => void process.emit(name, name));
    expect(stderr.text).toBe('Stopping\n');
  });

  it('ends the program at the second one, but not at the echo that npx sends', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const onQuit = vi.fn();
    await withStopSignals(recordedOutput().output, { ...options, onQuit }, async () => {
      process.emit('SIGINT', 'SIGINT');
      now += 100;
      process.emit('SIGINT', 'SIGINT');
      expect(exit).not.toHaveBeenCalled();
      now += 200;
      process.emit('SIGINT', 'SIGINT');
    });
    expect(onQuit).toHaveBeenCalledOnce();
    expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  });

  it('aborts when the time is over, and only then', async () => {
    vi.useFakeTimers();
    const { output, stderr } = recordedOutput({ quiet: true });
    const limit = { seconds: 90, announcement: 'Time is over', conclusion: 'Go on.' };
    await withStopSignals(output, { ...options, limit }, async (signal) => {
      vi.advanceTimersByTime(89_999);
      expect(signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(signal.reason).toMatchObject({ message: 'Go on.', exitCode: 4 });
    });
    expect(stderr.text).toBe('Time is over\n');
    await withStopSignals(output, { ...options, limit }, async () => {});
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('listens only while it works', async () => {
    const before = process.listenerCount('SIGINT');
    const failing = withStopSignals(recordedOutput().output, options, async () => {
      expect(process.listenerCount('SIGINT')).toBe(before + 1);
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
