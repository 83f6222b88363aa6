import { lower, type RuleFunction, ruleFunctions, type TracedRule } from './rule.ts';

/** One parameter with its gradient and state, all of one length. */
export interface RuleArrays {
  readonly parameter: Float64Array;
  readonly gradient: Float64Array;
  readonly state: Readonly<Record<string, Float64Array>>;
}

type Register = Float64Array;
type Instruction = (count: number) => void;

/** Elements computed at a time: each value of the rule has a register of this length. */
const block = 512;

/**
 * Compiles a rule to float64 loops: the definition that the engines are tested against. The returned function makes
 * one step in place; its scalars stand in the order of `rule.scalars`.
 */
export function compileRule(rule: TracedRule): (arrays: RuleArrays, scalars: Float64Array) => void {
  const instructions: Instruction[] = [];
  const tensors = new Map<string, Register>();
  const scalarRegisters = new Map<string, Register>();
  const register = (): Register => new Float64Array(block);
  const leafRegister = (registers: Map<string, Register>, name: string): Register => {
    const r = registers.get(name) ?? register();
    registers.set(name, r);
    return r;
  };
  const target = {
    leaf: ({ kind, name }: { kind: 'tensor' | 'scalar'; name: string }) =>
      leafRegister(kind === 'tensor' ? tensors : scalarRegisters, name),
    constant: (value: number) => register().fill(value),
    apply: (fn: RuleFunction, inputs: readonly Register[]) => {
      const out = register();
      instructions.push(instruction(fn, inputs, out));
      return out;
    },
  };
  const seen = new Map();
  const parameterOut = lower(rule.parameter, target, seen);
  const stateOut = Object.keys(rule.state).map(
    (slot) => [slot, lower(rule.nextState[slot]!, target, seen)] as const,
  );

  return ({ parameter, gradient, state }, scalars) => {
    const array = (name: string): Float64Array =>
      name === 'parameter' ? parameter : name === 'gradient' ? gradient : state[name]!;
    rule.scalars.forEach((name, i) => {
      scalarRegisters.get(name)?.fill(scalars[i]!);
    });
    for (let start = 0; start < parameter.length; start += block) {
      const count = Math.min(block, parameter.length - start);
      for (const [name, r] of tensors) copy(array(name), start, r, 0, count);
      for (const run of instructions) run(count);
      copy(parameterOut, 0, parameter, start, count);
      for (const [slot, r] of stateOut) copy(r, 0, array(slot), start, count);
    }
  };
}

function instruction(fn: RuleFunction, [x, y, z]: readonly Register[], out: Register): Instruction {
  const f = ruleFunctions[fn];
  if (z) {
    return (count) => {
      for (let i = 0; i < count; i++) out[i] = f(x![i]!, y![i]!, z[i]!);
    };
  }
  if (y) {
    return (count) => {
      for (let i = 0; i < count; i++) out[i] = f(x![i]!, y[i]!);
    };
  }
  return (count) => {
    for (let i = 0; i < count; i++) out[i] = f(x![i]!);
  };
}

function copy(from: Float64Array, fromStart: number, to: Float64Array, toStart: number, count: number): void {
  for (let i = 0; i < count; i++) to[toStart + i] = from[fromStart + i]!;
}
