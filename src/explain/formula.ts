import type { Operand } from '../graph/rule.ts';
import type { Optimizer } from '../optimizers/define.ts';
import { type HyperValues, rangeProblem, resolveHyper } from '../optimizers/hyper-parameters.ts';
import { traceRule } from '../optimizers/trace.ts';
import type { WeightDecaySettings } from '../spec/run.ts';
import { ruleFormatter } from './format-rule.ts';

/**
 * One step of a rule as equations, read off its definition: `m' = ...` for each state slot, then `theta' = ...`. A
 * prime marks the value after the step.
 *
 * The rule is traced with hyper-parameters that are each a little off their value, so that every constant of the trace
 * names the one it came from.
 */
export function formulaLines(
  optimizer: Optimizer,
  given: Readonly<Record<string, unknown>> = {},
  weightDecay: WeightDecaySettings | null = null,
): string[] {
  const usual = resolveHyper(optimizer, given);
  const hyper = marked(optimizer, usual);
  const rule = traceRule(optimizer, hyper, weightDecay && { ...weightDecay, rate: markedRate });
  const names = constantNames(hyper);
  if (weightDecay !== null) names.set(markedRate, 'rate');
  const outputs = Object.entries(rule.nextState);
  const formatter = ruleFormatter([...outputs.map(([, e]) => e), rule.parameter], names);
  const lines: [string, string][] = [];
  const define = (name: string, e: Operand): void => {
    for (const [inner, text] of formatter.shared(e)) lines.push([inner, text]);
    lines.push([name, formatter.text(e)]);
  };
  for (const [slot, e] of outputs) {
    define(`${slot}'`, e);
    if (typeof e !== 'number' && e.fn !== 'leaf') formatter.name(e, `${slot}'`);
  }
  define("theta'", rule.parameter);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)} = ${text}`);
}

const markedRate = 0.2500000312345;

/** Values that occur nowhere else: the default, moved by a share that differs from one hyper-parameter to the next. */
function marked(optimizer: Optimizer, usual: HyperValues): HyperValues {
  const entries = Object.entries(usual).map(([key, value], i) => {
    if (typeof value !== 'number' || value === 0) return [key, value];
    const candidates = [1 - 1.2345e-7 * (i + 1), 1 + 1.2345e-7 * (i + 1)].map((factor) => value * factor);
    const allowed = candidates.find((x) => rangeProblem(optimizer.hyper[key]!, x) === undefined);
    return [key, allowed ?? value];
  });
  return Object.fromEntries(entries);
}

function constantNames(hyper: HyperValues): Map<number, string> {
  const names = new Map<number, string>();
  for (const [key, value] of Object.entries(hyper)) {
    if (typeof value !== 'number' || value === 0 || value === 1) continue;
    names.set(value, key);
    names.set(1 - value, `(1 - ${key})`);
    names.set(-value, `-${key}`);
    names.set(1 + value, `(1 + ${key})`);
  }
  return names;
}
