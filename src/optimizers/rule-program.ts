import type { Engine, EngineName } from '../engines/engine.ts';
import { feed, variable } from '../graph/ops/leaves.ts';
import type { Program, Signature } from '../graph/program.ts';
import type { TracedRule } from '../graph/rule.ts';
import type { Stepper } from './trajectory.ts';

const nothing: Signature = { feeds: [], fetches: {}, assignments: [], updates: [] };

/** The smallest program that carries out a rule: one parameter [n], its state, and a gradient [n] fed at each step. */
export function ruleProgram(rule: TracedRule, n: number): Program {
  const parameter = variable('parameter', [n]);
  const slots = Object.keys(rule.state).map((slot) => [slot, variable(`state/${slot}`, [n])] as const);
  const gradient = feed('gradient', [n]);
  const scalars = feed('scalars', [Math.max(1, rule.scalars.length)]);
  const stored = [['parameter', parameter] as const, ...slots];
  const values = stored.map(([name, node]) => ({ variable: node, value: feed(`value/${name}`, [n]) }));
  return {
    variables: stored.map(([name, node]) => ({ node, role: name === 'parameter' ? 'parameter' : 'state' })),
    signatures: {
      initialize: nothing,
      restore: { ...nothing, feeds: values.map((v) => v.value), assignments: values },
      step: {
        ...nothing,
        feeds: [gradient, scalars],
        updates: [{ rule, parameter, gradient, state: Object.fromEntries(slots), scalars }],
      },
      evaluate: nothing,
      read: { ...nothing, fetches: Object.fromEntries(stored) },
    },
  };
}

/** Parameter and state slots by name; slots never have the name `parameter`. */
export type RuleValues = Readonly<Record<string, ArrayLike<number>>>;

/** A stepper of which everything that it remembers can be taken out and put in. */
export interface RuleExecutable extends Stepper {
  /** A copy, in the engine's own precision. */
  snapshot(): Readonly<Record<string, Float64Array | Float32Array>>;
  restore(values: RuleValues): void;
}

/** A rule compiled by an engine, at its start. */
export async function ruleExecutable(
  rule: TracedRule,
  start: ArrayLike<number>,
  engine: Engine | EngineName,
): Promise<RuleExecutable> {
  const n = start.length;
  const chosen =
    typeof engine === 'string' ? await (await import('../engines/index.ts')).loadEngine(engine) : engine;
  const executable = await chosen.compile(ruleProgram(rule, n));
  const parameters = Float64Array.from(start);
  const restore = (values: RuleValues): void => {
    const entries = Object.entries(values);
    executable.run(
      'restore',
      Object.fromEntries(entries.map(([name, value]) => [`value/${name}`, Float64Array.from(value)])),
    );
    parameters.set(values.parameter!);
  };
  const slots = Object.entries(rule.state).map(([slot, value]) => [slot, new Float64Array(n).fill(value)]);
  restore({ parameter: start, ...Object.fromEntries(slots) });
  return {
    parameters,
    step: (gradient, scalars) => {
      executable.run('step', { gradient: Float64Array.from(gradient), scalars });
      parameters.set(executable.run('read', {}).parameter!);
    },
    snapshot: () => {
      const values = Object.entries(executable.run('read', {}));
      return Object.fromEntries(values.map(([name, value]) => [name, value.slice() as Float64Array]));
    },
    restore,
    dispose: () => executable.dispose(),
  };
}
