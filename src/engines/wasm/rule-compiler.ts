import { type Expr, lower, type RuleFunction, type RuleTarget, type TracedRule } from '../../graph/rule.ts';
import {
  f32x4Const,
  float32Bytes,
  functionModule,
  i32Const,
  instruction,
  localGet,
  localSet,
  localTee,
  memoryArgument,
} from './wasm-binary.ts';

/**
 * Compiles any update rule to one fused pass: a function that reads parameter, gradient and state once, four
 * elements at a time, computes every output with shared sub-expressions in locals, and writes parameter and state.
 */

/** Gradients below this are 0 to a rule: their squares would be denormal, which makes processors slow. */
export const smallestGradient = 1e-18;
/** The smallest normal float32: what is below it in the next state is stored as 0. */
export const smallestState = 1.1754943508222875e-38;

/**
 * `update(parameter, gradient, ...state, scalars, size)`: addresses in bytes, `size` in elements. It reads and writes
 * whole vectors, so up to three elements behind the end of each array must belong to it.
 */
export type UpdateFunction = (...addressesAndSize: number[]) => void;

/** A v128 local, and whether it is the same for all elements, so that it is computed before the loop. */
interface Value {
  readonly local: number;
  readonly invariant: boolean;
}

const plain: Partial<Record<RuleFunction, readonly number[]>> = {
  negate: instruction.f32x4Negate,
  sqrt: instruction.f32x4Sqrt,
  abs: instruction.f32x4Abs,
  add: instruction.f32x4Add,
  subtract: instruction.f32x4Subtract,
  multiply: instruction.f32x4Multiply,
  divide: instruction.f32x4Divide,
  maximum: instruction.f32x4Maximum,
  minimum: instruction.f32x4Minimum,
};

class RuleEmitter implements RuleTarget<Value> {
  readonly before: number[] = [];
  readonly loop: number[] = [];
  private readonly firstVector: number;
  private readonly tensors: readonly string[];
  private readonly scalars: readonly string[];
  private readonly constants = new Map<string, Value>();
  private vectors = 0;

  constructor(tensors: readonly string[], scalars: readonly string[], firstVector: number) {
    this.tensors = tensors;
    this.scalars = scalars;
    this.firstVector = firstVector;
  }

  get vectorLocals(): number {
    return this.vectors;
  }

  leaf({ kind, name }: { kind: 'tensor' | 'scalar'; name: string }): Value {
    if (kind === 'scalar') {
      const address = [...localGet(this.tensors.length), ...instruction.v128Load32Splat];
      return this.define([...address, ...memoryArgument(2, 4 * this.scalars.indexOf(name))], true);
    }
    const load = [...localGet(this.tensors.indexOf(name)), ...instruction.v128Load, ...memoryArgument(4)];
    return name === 'gradient' ? this.flushed(load, smallestGradient) : this.define(load, false);
  }

  constant(value: number): Value {
    const key = float32Bytes(value).join();
    const known = this.constants.get(key) ?? this.define(f32x4Const(value), true);
    this.constants.set(key, known);
    return known;
  }

  apply(fn: RuleFunction, args: readonly Value[]): Value {
    const invariant = args.every((x) => x.invariant);
    return this.define(this.code(fn, args), invariant);
  }

  /** The value with magnitudes below the limit replaced by 0; NaN stays. */
  flushed(code: readonly number[], limit: number): Value {
    const x = this.define(code, false).local;
    const isSmall = [...localGet(x), ...instruction.f32x4Abs, ...this.get(limit), ...instruction.f32x4Less];
    return this.define([...localGet(x), ...isSmall, ...instruction.v128AndNot], false);
  }

  private code(fn: RuleFunction, args: readonly Value[]): number[] {
    const [x, y, z] = args.map((arg) => localGet(arg.local)) as [number[], number[], number[]];
    const zero = (): number[] => this.get(0);
    switch (fn) {
      case 'square':
        return [...x, ...x, ...instruction.f32x4Multiply];
      case 'greater':
        return [...x, ...y, ...instruction.f32x4Greater, ...this.get(1), ...instruction.v128And];
      case 'sign': {
        const positive = [
          ...x,
          ...zero(),
          ...instruction.f32x4Greater,
          ...this.get(1),
          ...instruction.v128And,
        ];
        const negative = [...x, ...zero(), ...instruction.f32x4Less, ...this.get(-1), ...instruction.v128And];
        return [...positive, ...negative, ...instruction.v128Or];
      }
      case 'select':
        return [...y, ...z, ...x, ...zero(), ...instruction.f32x4NotEqual, ...instruction.v128BitSelect];
      default:
        return [...args.flatMap((arg) => localGet(arg.local)), ...plain[fn]!];
    }
  }

  private get(constant: number): number[] {
    return localGet(this.constant(constant).local);
  }

  private define(code: readonly number[], invariant: boolean): Value {
    const local = this.firstVector + this.vectors++;
    (invariant ? this.before : this.loop).push(...code, ...localSet(local));
    return { local, invariant };
  }
}

/** Compiles a rule; the module exports `update`, an `UpdateFunction`, and works on the memory `env.memory`. */
export function compileRule(rule: TracedRule): WebAssembly.Module {
  return new WebAssembly.Module(ruleModule(rule));
}

/** The bytes of the module. */
export function ruleModule(rule: TracedRule): Uint8Array {
  const slots = Object.keys(rule.state);
  const tensors = ['parameter', 'gradient', ...slots];
  const size = tensors.length + 1;
  const end = size + 1;
  const emitter = new RuleEmitter(tensors, rule.scalars, end + 1);

  const seen = new Map<Expr, Value>();
  const parameter = lower(rule.parameter, emitter, seen);
  const state = slots.map((slot) => lower(rule.nextState[slot]!, emitter, seen));
  // Only now: every output is computed from the old values.
  const stored = state.map((value) => emitter.flushed(localGet(value.local), smallestState));
  const store = (tensor: number, value: Value): number[] => [
    ...localGet(tensor),
    ...localGet(value.local),
    ...instruction.v128Store,
    ...memoryArgument(4),
  ];
  const advance = (tensor: number): number[] => [
    ...localGet(tensor),
    ...i32Const(16),
    ...instruction.i32Add,
    ...localSet(tensor),
  ];

  const [first, ...others] = tensors.map((_, tensor) => tensor);
  const body = [
    ...emitter.before,
    ...[...localGet(first!), ...localGet(size), ...i32Const(2), ...instruction.i32ShiftLeft],
    ...[...instruction.i32Add, ...localSet(end)],
    ...instruction.loop,
    ...emitter.loop,
    ...store(first!, parameter),
    ...stored.flatMap((value, i) => store(2 + i, value)),
    ...others.flatMap(advance),
    ...[...localGet(first!), ...i32Const(16), ...instruction.i32Add, ...localTee(first!)],
    ...[...localGet(end), ...instruction.i32LessUnsigned, ...instruction.branchIf, 0],
    ...instruction.end,
  ];
  return functionModule({
    name: 'update',
    parameters: end,
    i32Locals: 1,
    v128Locals: emitter.vectorLocals,
    body,
  });
}
