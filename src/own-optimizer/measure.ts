import type { EngineName } from '../engines/engine.ts';
import type { Optimizer } from '../optimizers/define.ts';
import { resolveHyper } from '../optimizers/hyper-parameters.ts';
import { type RuleExecutable, ruleExecutable } from '../optimizers/rule-program.ts';
import { scalarValues, traceRule } from '../optimizers/trace.ts';
import { type GradientStream, gradientStreams, startParameters, stepCount } from './streams.ts';

/** What a rule made of one stream of gradients. */
export interface Measured {
  readonly stream: GradientStream;
  /** Parameters after each step. */
  readonly path: readonly Float64Array[];
  /** Parameters and state after the last step, in the engine's precision. */
  readonly last: Snapshot;
}

export type Snapshot = ReturnType<RuleExecutable['snapshot']>;

/** A rule that is traced and compiled anew, as a new process would. */
interface Fresh {
  readonly executable: RuleExecutable;
  /** One step with the gradient of `stream`, counted from 1. */
  step(stream: GradientStream, t: number): void;
  start(): void;
}

async function fresh(optimizer: Optimizer, engine: EngineName): Promise<Fresh> {
  const hyper = resolveHyper(optimizer);
  const rule = traceRule(optimizer, hyper);
  const executable = await ruleExecutable(rule, startParameters, engine);
  const slots = Object.entries(rule.state).map(([slot, value]) => [slot, startParameters.map(() => value)]);
  const first = { parameter: startParameters, ...Object.fromEntries(slots) };
  return {
    executable,
    step: ({ gradients }, t) =>
      executable.step(gradients[t - 1]!, scalarValues(optimizer, hyper, null, t, 1)),
    start: () => executable.restore(first),
  };
}

/** The rule with its defaults over every stream, each from the start. */
export async function measureStreams(optimizer: Optimizer, engine: EngineName): Promise<Measured[]> {
  const { executable, step, start } = await fresh(optimizer, engine);
  try {
    return gradientStreams.map((stream) => {
      start();
      const path = stream.gradients.map((_, i) => {
        step(stream, i + 1);
        return executable.parameters.slice();
      });
      return { stream, path, last: executable.snapshot() };
    });
  } finally {
    executable.dispose();
  }
}

/** The same, but stopped in the middle and gone on with by a new executable that knows the snapshot alone. */
export async function measureResumed(optimizer: Optimizer, engine: EngineName): Promise<Snapshot[]> {
  const middle = stepCount / 2;
  const before = await fresh(optimizer, engine);
  const snapshots: Snapshot[] = [];
  try {
    for (const stream of gradientStreams) {
      before.start();
      for (let t = 1; t <= middle; t++) before.step(stream, t);
      snapshots.push(before.executable.snapshot());
    }
  } finally {
    before.executable.dispose();
  }
  const after = await fresh(optimizer, engine);
  try {
    return gradientStreams.map((stream, i) => {
      after.executable.restore(snapshots[i]!);
      for (let t = middle + 1; t <= stepCount; t++) after.step(stream, t);
      return after.executable.snapshot();
    });
  } finally {
    after.executable.dispose();
  }
}

/** The first name in which two snapshots differ in a bit. */
export function differingSlot(a: Snapshot, b: Snapshot): string | undefined {
  return Object.keys(a).find((name) => !a[name]!.every((x, i) => Object.is(x, b[name]![i])));
}
