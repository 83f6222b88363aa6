import { UserError } from '../../errors.ts';
import { type Node, type Shape, sizeOf } from '../../graph/node.ts';
import type { OpName } from '../../graph/ops/index.ts';
import { checkProgram, type Program, type SignatureName, signatureOrder } from '../../graph/program.ts';
import type { TracedRule } from '../../graph/rule.ts';
import type { Executable, Fetches, TensorData } from '../engine.ts';
import type { Addresses, Argument, Call, ComputedKernel } from './kernel-calls.ts';
import { kernels } from './kernels.ts';
import { aligned, planMemory } from './plan.ts';
import { compileRule, type UpdateFunction } from './rule-compiler.ts';
import {
  bytesOf,
  type KernelFacts,
  type Place,
  type Schedule,
  type Step,
  scheduleSignature,
} from './schedule.ts';

/** Readable bytes behind the last array: kernels may read whole vectors and tiles past an end. */
const guardBytes = 256;
const pageBytes = 65536;

type Exported = (...args: number[]) => number;
type Action = () => void;

interface CompiledSignature {
  readonly feeds: readonly { readonly name: string; readonly target: TensorData }[];
  readonly actions: readonly Action[];
  readonly fetches: Fetches;
}

const kernelOf = (node: Node): 'stored' | 'alias' | ComputedKernel<never> => kernels[node.op as OpName];

const computedKernel = (node: Node): ComputedKernel<unknown> | undefined => {
  const kernel = kernelOf(node);
  return typeof kernel === 'string' ? undefined : (kernel as ComputedKernel<unknown>);
};

/**
 * Compiles a program for the kernels in `module`: memory is planned once, for all signatures together, and every call
 * is prepared, so that `run` allocates nothing.
 * @throws UserError naming all ops that have no kernel in the module, or when the program needs more than 4 GiB.
 */
export function compileExecutable(program: Program, module: WebAssembly.Module): Executable {
  checkProgram(program);
  checkOps(program, module);

  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const exported = (name: string): Exported => exports[name] as Exported;
  const facts: KernelFacts = {
    kind: (node) => {
      const kernel = kernelOf(node);
      return typeof kernel === 'string' ? kernel : 'computed';
    },
    inPlace: (node) => computedKernel(node)?.inPlace ?? [],
    workspaceBytes: (node) => {
      const [name, ...sizes] = computedKernel(node)?.workspace?.(node) ?? [];
      return name === undefined ? 0 : exported(name)(...sizes);
    },
  };
  const names = Object.keys(program.signatures) as SignatureName[];
  const schedules = names.map((name) => scheduleSignature(program.signatures[name], facts));
  const layout = layOut(program, schedules, aligned((exports.heapBase as WebAssembly.Global).value));
  grow(memory, layout.bytes);
  const view = (node: Node, at: number): TensorData => arrayAt(memory.buffer, node, at);
  for (const [node, at] of layout.constants) {
    (view(node, at) as Float32Array).fill((node.attributes as { value: number }).value);
  }

  const rules = new Map<TracedRule, UpdateFunction>();
  const updateFunction = (rule: TracedRule): UpdateFunction => {
    const known =
      rules.get(rule) ??
      (new WebAssembly.Instance(compileRule(rule), { env: { memory } }).exports.update as UpdateFunction);
    rules.set(rule, known);
    return known;
  };
  const signatures = new Map<string, CompiledSignature>();
  names.forEach((name, i) => {
    const schedule = schedules[i]!;
    const { feeds, fetches } = program.signatures[name];
    const address = layout.address(i);
    const prepare = (step: Step): Action[] => {
      if (step.kind === 'update') {
        const { rule, parameter, state } = step.update;
        const slots = Object.keys(rule.state).map((slot) => address({ stored: state[slot]! }));
        const arrays = [address({ stored: parameter }), address(step.gradient), ...slots];
        const args = [...arrays, address(step.scalars), sizeOf(parameter.shape)];
        const update = updateFunction(rule);
        return [() => update(...args)];
      }
      const calls = callsOf(step, address);
      return calls.map(([call, ...args]) => action(exported(call), args, memory.buffer));
    };
    signatures.set(name, {
      feeds: feeds.map((feed) => ({
        name: feed.attributes.name,
        target: view(feed, address({ stored: schedule.direct.get(feed) ?? feed })),
      })),
      actions: schedule.steps.flatMap(prepare),
      fetches: Object.fromEntries(
        Object.entries(fetches).map(([key, node]) => [key, view(node, address(schedule.fetches[key]!))]),
      ),
    });
  });

  return executableOf(signatures);
}

/** In a scope of its own, so that nothing holds the memory any more once the signatures are gone. */
function executableOf(signatures: Map<string, CompiledSignature>): Executable {
  return {
    run(name, feeds) {
      const signature = signatures.get(name);
      if (signature === undefined) throw new Error(`signature ${name} is not there or was disposed of`);
      for (const feed of signature.feeds) {
        const data = feeds[feed.name];
        if (data?.length !== feed.target.length) {
          const given = data?.length ?? 'none';
          throw new RangeError(
            `signature ${name} needs feed ${feed.name} with ${feed.target.length} values, not ${given}`,
          );
        }
        feed.target.set(data);
      }
      for (const act of signature.actions) act();
      return signature.fetches;
    },
    dispose: () => signatures.clear(),
  };
}

function checkOps(program: Program, module: WebAssembly.Module): void {
  const there = new Set(WebAssembly.Module.exports(module).map((e) => e.name));
  const nowhere: Addresses = { inputs: [0, 0, 0], output: 0, workspace: 0 };
  const missing = new Set<string>();
  for (const node of Object.values(program.signatures).flatMap(signatureOrder)) {
    const kernel = computedKernel(node);
    if (kernelOf(node) === undefined) missing.add(node.op);
    if (kernel === undefined) continue;
    const needed = kernel.calls(node, { ...nowhere, inputs: node.inputs.map(() => 0) }).map(([name]) => name);
    if (kernel.workspace) needed.push(kernel.workspace(node)[0]);
    if (needed.some((name) => !there.has(name))) missing.add(node.op);
  }
  if (missing.size > 0) {
    throw new UserError(
      `The wasm engine cannot run this model: it has no ${[...missing].join(', ')}; use --engine reference or tensorflow.`,
    );
  }
}

interface Layout {
  readonly bytes: number;
  readonly constants: ReadonlyMap<Node, number>;
  /** The byte address of a place in signature number `i`. */
  address(i: number): (place: Place) => number;
}

/** Variables, constants and feeds one behind the other, then one block that all signatures share. */
function layOut(program: Program, schedules: readonly Schedule[], start: number): Layout {
  const stored = new Map<Node, number>();
  const constants = new Map<Node, number>();
  let next = start;
  const keep = (node: Node): number => {
    const at = next;
    stored.set(node, at);
    next += aligned(bytesOf(node));
    return at;
  };
  for (const { node } of program.variables) keep(node);
  const signatures = Object.values(program.signatures);
  signatures.forEach((signature, i) => {
    for (const node of signatureOrder(signature)) {
      if (stored.has(node) || kernelOf(node) !== 'stored' || schedules[i]!.direct.has(node)) continue;
      const at = keep(node);
      if (node.op === 'constant') constants.set(node, at);
    }
  });
  const plans = schedules.map((schedule) => planMemory(schedule.values));
  return {
    bytes: next + Math.max(0, ...plans.map((plan) => plan.bytes)) + guardBytes,
    constants,
    address: (i) => (place) =>
      'stored' in place ? stored.get(place.stored)! : next + plans[i]!.offsets[place.value]!,
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const pages = Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes;
  try {
    if (pages > 0) memory.grow(pages);
  } catch (cause) {
    throw new UserError(
      `The wasm engine cannot get the ${Math.ceil(bytes / 2 ** 20)} MiB that this model needs (at most 4096): ` +
        'take smaller batches or another engine, or run fewer trials at a time.',
      { cause },
    );
  }
}

function callsOf(
  step: Exclude<Step, { kind: 'update' }>,
  address: (place: Place) => number,
): readonly Call[] {
  if (step.kind === 'fill') return [['fill', address(step.to), step.value, step.size]];
  if (step.kind === 'copy') {
    const { bytes } = step;
    return [['copyBlocks', address(step.from), address(step.to), 1, bytes, bytes, bytes]];
  }
  return computedKernel(step.node)!.calls(step.node, {
    inputs: step.inputs.map(address),
    output: address(step.output),
    workspace: step.workspace ? address(step.workspace) : 0,
  });
}

/** A call that is ready to be made; what it reads at run time (the step) is looked up in memory then. */
function action(run: Exported, args: readonly Argument[], buffer: ArrayBuffer): Action {
  const values = args.map((x) => (typeof x === 'number' ? x : 0));
  const dynamic = args.findIndex((x) => typeof x !== 'number');
  if (dynamic < 0) return () => run(...values);
  const source = new Int32Array(buffer, (args[dynamic] as { int32At: number }).int32At, 1);
  return () => {
    values[dynamic] = source[0]!;
    run(...values);
  };
}

function arrayAt(buffer: ArrayBuffer, { shape, dtype }: { shape: Shape; dtype: Node['dtype'] }, at: number) {
  const size = sizeOf(shape);
  if (dtype === 'float') return new Float32Array(buffer, at, size);
  return dtype === 'int32' ? new Int32Array(buffer, at, size) : new Uint8Array(buffer, at, size);
}
