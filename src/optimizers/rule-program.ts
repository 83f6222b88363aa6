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
      read: { ...nothing, fetches: { parameter } },
    },
  };
}

/** A rule compiled by an engine, at its start. */
export async function ruleExecutable(
  rule: TracedRule,
  start: ArrayLike<number>,
  engine: Engine | EngineName,
): Promise<Stepper> {
  const n = start.length;
  const chosen =
    typeof engine === 'string' ? await (await import('../engines/index.ts')).loadEngine(engine) : engine;
  const executable = await chosen.compile(ruleProgram(rule, n));
  const startValues = Object.entries(rule.state).map(([slot, value]) => [
    `value/${slot}`,
    new Float64Array(n).fill(value),
  ]);
  executable.run('restore', {
    'value/parameter': Float64Array.from(start),
    ...Object.fromEntries(startValues),
  });
  const parameters = Float64Array.from(start);
  return {
    parameters,
    step: (gradient, scalars) => {
      executable.run('step', { gradient: Float64Array.from(gradient), scalars });
      parameters.set(executable.run('read', {}).parameter!);
    },
    dispose: () => executable.dispose(),
  };
}
