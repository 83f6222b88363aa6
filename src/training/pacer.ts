import { setImmediate } from 'node:timers/promises';
import type { Progress, TrialListener } from './trial-events.ts';

export type Pause = (evaluation?: Progress['evaluation']) => Promise<void>;

/** Lets messages and signals in every 50 ms, and reports progress four times a second. */
export function pacer(
  listener: TrialListener,
  progress: (evaluation: Progress['evaluation']) => Progress,
): Pause {
  let lastPause = performance.now();
  let lastReport = lastPause;
  return async (evaluation) => {
    const now = performance.now();
    if (now - lastPause < 50) return;
    lastPause = now;
    if (now - lastReport >= 250) {
      lastReport = now;
      listener.progress(progress(evaluation));
    }
    await setImmediate();
  };
}
