// A trial for the tests of real processes: a few milliseconds per step, numbers from a recurrence. What happens in it
// is said by the run's hyper-parameters; every opening and every step is noted in the file TRIAL_LOG;
// after the step TRIAL_PAUSE nothing happens any more.
import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const STEPS_PER_EPOCH = 4;

function note(...words) {
  if (process.env.TRIAL_LOG) appendFileSync(process.env.TRIAL_LOG, `${words.join(' ')}\n`);
}

/** Needs more memory than there is. */
function hoard() {
  for (const kept = []; ; ) kept.push(new Array(100_000).fill(kept.length));
}

export async function openJob({ id, run }) {
  const { stepMs = 2, divergeAt, throwAt, abortAt, killAt, hangAt, hoardAt } = run.optimizerSettings.hyper;
  const weights = new Float64Array([1, run.seed]);
  note('open', id, process.pid);
  const wall = { train: 0, evaluate: 0, other: 0 };
  return {
    engine: { name: 'reference', variant: 'slow', device: 'cpu' },
    threads: 1,
    data: {},
    trial: {
      parameters: 2,
      updates: [],
      fingerprint: { initialWeights: `w${run.seed}`, batchOrder: `b${run.seed}` },
      wall: () => wall,
      dispose() {},
      async run(listener, from) {
        let { epoch, step, stepInEpoch } = from?.state ?? { epoch: 0, step: 0, stepInEpoch: 0 };
        if (from) weights.set(from.tensors.w.data);
        const snapshot = () => ({
          state: { epoch, step, stepInEpoch, epochCostSum: 0, epochExamples: 0 },
          tensors: { w: { shape: [2], data: weights } },
        });
        if (step === 0) listener.rows([{ epoch, step, split: 'train', metric: 'cost', value: weights[0] }]);
        while (epoch < run.epochs) {
          while (stepInEpoch < STEPS_PER_EPOCH) {
            if (listener.shouldStop()) {
              listener.checkpoint(snapshot());
              return 'stopped';
            }
            if (step === divergeAt) return 'diverged';
            if (step === throwAt) throw new Error('the rule is broken');
            while (step === hangAt);
            if (step === abortAt) process.abort();
            if (step === killAt) process.kill(process.pid, 'SIGKILL');
            if (step === hoardAt) hoard();
            step++;
            stepInEpoch++;
            weights[0] = weights[0] * 0.9 + Math.sin(step + run.seed);
            note('step', id, process.pid, step);
            const progress = { epoch, epochs: run.epochs, step, steps: run.epochs * STEPS_PER_EPOCH };
            listener.progress({ ...progress, cost: weights[0], stepsPerSecond: 1, secondsLeft: 1 });
            await setTimeout(step === Number(process.env.TRIAL_PAUSE) ? 1_000_000 : stepMs);
          }
          epoch++;
          stepInEpoch = 0;
          listener.rows([{ epoch, step, split: 'train', metric: 'cost', value: weights[0] }]);
          listener.checkpoint(snapshot());
        }
        return 'complete';
      },
    },
  };
}
