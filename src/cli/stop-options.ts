import type { Context } from './context.ts';
import { duration } from './format.ts';
import { resumeCommand } from './resume-command.ts';
import type { RunOptions } from './run-options.ts';
import type { StopOptions } from './signals.ts';

/** What training says when it is stopped, by a signal or by `--max-time`. */
export function stopOptions({ maxTime }: RunOptions, { output, argv, environment }: Context): StopOptions {
  const goOn = `Go on with: ${resumeCommand(argv, environment)}`;
  const announcement = 'Stopping: writing checkpoints';
  return {
    announcement,
    conclusion: `Stopped. ${goOn}`,
    onQuit: () => output.notice(`Stopped; what follows the last checkpoints is lost. ${goOn}`),
    ...(maxTime === undefined
      ? {}
      : {
          limit: {
            seconds: maxTime,
            announcement: `The time is over (--max-time, ${duration(maxTime)}). ${announcement}`,
            conclusion: `The time of --max-time is over. ${goOn}`,
          },
        }),
  };
}
