import { UserError } from '../errors.ts';
import type { TracedRule } from '../graph/rule.ts';
import type { Optimizer } from '../optimizers/define.ts';
import {
  type HyperDescriptor,
  type HyperValues,
  rangeProblem,
  resolveHyper,
} from '../optimizers/hyper-parameters.ts';
import { scalarValues, traceRule } from '../optimizers/trace.ts';
import type { HyperParameter } from '../spec/run.ts';
import type { RuleCheck } from './check-rule.ts';

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** That the rule can be traced at all, and what it keeps for each parameter. */
export function checkTrace(optimizer: Optimizer): RuleCheck {
  const name = 'loads';
  return attempt(name, () => {
    const { state } = traceRule(optimizer, resolveHyper(optimizer));
    const slots = Object.keys(state);
    const kept =
      slots.length === 0 ? 'no state' : `${count(slots.length, 'state slot')} (${slots.join(', ')})`;
    return { name, status: 'passed', detail: `rule "${optimizer.name}", ${kept}` };
  });
}

/** That other values of the hyper-parameters can be traced too, and that each of them changes something. */
export function checkHyper(optimizer: Optimizer): RuleCheck {
  const name = 'hyper-parameters';
  const { lr } = optimizer.hyper;
  if (lr?.kind !== 'number' || lr.default <= 0) {
    const detail = `The default of lr is ${lr?.default}, which makes no step: give it a number above 0.`;
    return { name, status: 'failed', detail };
  }
  return attempt(name, () => {
    const usual = resolveHyper(optimizer);
    const before = signature(optimizer, usual);
    const idle: string[] = [];
    for (const [key, descriptor] of Object.entries(optimizer.hyper)) {
      if (key === 'lr') continue;
      const others = otherValues(descriptor);
      const changed = others.map((value) => signature(optimizer, { ...usual, [key]: value }) !== before);
      if (others.length > 0 && !changed.includes(true)) idle.push(key);
    }
    const all = Object.entries(optimizer.hyper).map(([key, { default: value }]) => `${key} ${value}`);
    const note = idle.length === 0 ? '' : `; without effect beside these defaults: ${idle.join(', ')}`;
    return { name, status: 'passed', detail: `${all.join(', ')}${note}` };
  });
}

/** That scalars have the same names and finite values at every step. */
export function checkScalars(optimizer: Optimizer): RuleCheck {
  const name = 'scalars';
  return attempt(name, () => {
    const hyper = resolveHyper(optimizer);
    const { scalars } = traceRule(optimizer, hyper);
    for (const t of [1, 2, 3, 10, 100, 10_000, 1_000_000]) {
      const values = scalarValues(optimizer, hyper, null, t, 1);
      const wrong = values.findIndex((value) => !Number.isFinite(value));
      if (wrong < 0) continue;
      const detail = `The scalar ${scalars[wrong]} is ${values[wrong]} at step ${t}: return a finite number for every t from 1 on.`;
      return { name, status: 'failed', detail };
    }
    const own = scalars.slice(1);
    const detail = own.length === 0 ? 'lr alone' : `${own.join(', ')}: finite from step 1 to 1,000,000`;
    return { name, status: 'passed', detail };
  });
}

function attempt(name: string, check: () => RuleCheck): RuleCheck {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, status: 'failed', detail: error.message };
  }
}

/** Everything that engines get of a rule, as text. */
function signature(optimizer: Optimizer, hyper: HyperValues): string {
  const rule: TracedRule = traceRule(optimizer, hyper);
  const scalars = [1, 2, 50].map((t) => [...scalarValues(optimizer, hyper, null, t, 1)]);
  return JSON.stringify([rule, scalars]);
}

/** Allowed values besides the default. */
function otherValues(descriptor: HyperDescriptor): HyperParameter[] {
  const { default: usual } = descriptor;
  const candidates: readonly HyperParameter[] =
    descriptor.kind === 'flag'
      ? [true, false]
      : descriptor.kind === 'choice'
        ? descriptor.choices
        : [descriptor.default / 2, descriptor.default + 0.125];
  return candidates.filter((value) => value !== usual && rangeProblem(descriptor, value) === undefined);
}
