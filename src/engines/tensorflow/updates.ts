import type { Operand, RuleFunction, TracedRule } from '../../graph/rule.ts';
import { attribute, type Tensor, typeNumber } from './graphdef.ts';
import type { Attributes, FunctionDef, NodeDef } from './proto.ts';
import { outputs, type UpdatePlan } from './rules.ts';
import { T } from './scope.ts';
import { compiled } from './xla.ts';

/** Where an update is written. Leaves are `parameter`, `gradient` and the slots' names. */
export interface UpdateScope {
  op(op: string, inputs: readonly Tensor[], attributes?: Attributes): Tensor;
  constant(value: number): Tensor;
  tensor(leaf: string): Tensor;
  /** Changes variables, once everything that reads them is done. */
  effect(op: string, leaves: readonly string[], inputs: readonly Tensor[], attributes?: Attributes): void;
}

const opNames: Readonly<Record<Exclude<RuleFunction, 'greater' | 'select'>, string>> = {
  negate: 'Neg',
  square: 'Square',
  sqrt: 'Sqrt',
  abs: 'Abs',
  sign: 'Sign',
  add: 'AddV2',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
};
/** Lowers expressions to nodes; `scalar` gives the tensor of an entry of the plan's scalars. */
function writer(
  scope: Pick<UpdateScope, 'op' | 'constant' | 'tensor'>,
  plan: UpdatePlan,
  scalar: (i: number) => Tensor,
): (e: Operand) => Tensor {
  const known = new Map<Operand, Tensor>();
  const condition = (e: Operand): Tensor => {
    const isComparison = typeof e !== 'number' && e.fn === 'greater' && !plan.scalars.includes(e);
    return isComparison
      ? scope.op('Greater', e.args.map(write), T)
      : scope.op('NotEqual', [write(e), scope.constant(0)], T);
  };
  const write = (e: Operand): Tensor => {
    const before = known.get(e);
    if (before !== undefined) return before;
    const tensor = make(e);
    known.set(e, tensor);
    return tensor;
  };
  const make = (e: Operand): Tensor => {
    if (typeof e === 'number') return scope.constant(e);
    const i = plan.scalars.indexOf(e);
    if (i >= 0) return scalar(i);
    if (e.fn === 'leaf') return scope.tensor(e.name);
    if (e.fn === 'greater') {
      return scope.op('Cast', [condition(e)], {
        SrcT: attribute.type('bool'),
        DstT: attribute.type('float'),
      });
    }
    if (e.fn === 'select') {
      const [c, x, y] = e.args as [Operand, Operand, Operand];
      return scope.op('SelectV2', [condition(c), write(x), write(y)], T);
    }
    return scope.op(opNames[e.fn], e.args.map(write), T);
  };
  return write;
}

const assign = { dtype: attribute.type('float') };

/** Writes one update; `scalar` gives the tensors of the plan's scalars. */
export function emitUpdate(scope: UpdateScope, plan: UpdatePlan, scalar: (i: number) => Tensor): void {
  const write = writer(scope, plan, scalar);
  const slots = Object.keys(plan.rule.state);
  if (plan.kind === 'training-op') {
    const { op, nesterov, slots: inOrder, before, after, gradient, decay } = plan.found;
    if (decay !== null) {
      const amount = scope.op('Mul', [write(decay), scope.tensor('parameter')], T);
      scope.effect('AssignSubVariableOp', ['parameter'], [amount], assign);
    }
    const inputs = [...before.map(write), write(gradient), ...after.map(write)];
    const attributes = nesterov === undefined ? T : { ...T, use_nesterov: attribute.flag(nesterov) };
    scope.effect(op, ['parameter', ...inOrder], inputs, attributes);
    return;
  }
  const next =
    plan.kind === 'elementwise'
      ? outputs(plan.rule).map(write)
      : callOutputs(
          scope.op(
            'PartitionedCall',
            [
              ...leaves(plan.rule).map((leaf) => scope.tensor(leaf)),
              ...plan.scalars.map((_, i) => scalar(i)),
            ],
            callAttributes(plan),
          ),
          1 + slots.length,
        );
  ['parameter', ...slots].forEach((leaf, i) => {
    scope.effect('AssignVariableOp', [leaf], [next[i]!], assign);
  });
}

const leaves = (rule: TracedRule): string[] => ['parameter', 'gradient', ...Object.keys(rule.state)];
const callOutputs = (call: Tensor, count: number): Tensor[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? call : `${call}:${i}`));

const functionNames = new WeakMap<TracedRule, string>();
let functions = 0;
function functionName(rule: TracedRule): string {
  const name = functionNames.get(rule) ?? `rule${functions++}`;
  functionNames.set(rule, name);
  return name;
}

const callAttributes = (plan: UpdatePlan): Attributes => ({
  f: attribute.function(functionName(plan.rule)),
  Tin: attribute.types([...leaves(plan.rule), ...plan.scalars].map(() => 'float' as const)),
  Tout: attribute.types(outputs(plan.rule).map(() => 'float' as const)),
  ...compiled,
});

/** The names that TensorFlow gives to the first output of the ops in a rule. */
const outputNames: Readonly<Record<string, string>> = {
  Neg: 'y',
  Square: 'y',
  Sqrt: 'y',
  Abs: 'y',
  Sign: 'y',
  Cast: 'y',
  Const: 'output',
  SelectV2: 'output',
};

/** The function that a compiled plan calls: parameter, gradient, slots and scalars in, next parameter and slots out. */
export function ruleFunction(plan: UpdatePlan): FunctionDef {
  const float = typeNumber('float');
  const nodes: NodeDef[] = [];
  const op = (name: string, input: readonly Tensor[], attr: Attributes = {}): Tensor => {
    nodes.push({ name: `n${nodes.length}`, op: name, input, attr });
    return `n${nodes.length - 1}:${outputNames[name] ?? 'z'}:0`;
  };
  const write = writer(
    {
      op,
      constant: (value) => op('Const', [], { ...assign, value: attribute.filled(value) }),
      tensor: (leaf) => `t${leaves(plan.rule).indexOf(leaf)}`,
    },
    plan,
    (i) => `s${i}`,
  );
  const results = outputs(plan.rule).map((e, i) => [`o${i}`, write(e)] as const);
  return {
    signature: {
      name: functionName(plan.rule),
      inputArg: [...leaves(plan.rule).map((_, i) => `t${i}`), ...plan.scalars.map((_, i) => `s${i}`)].map(
        (name) => ({ name, type: float }),
      ),
      outputArg: results.map(([name]) => ({ name, type: float })),
    },
    nodeDef: nodes,
    ret: Object.fromEntries(results),
    attr: compiled,
  };
}
