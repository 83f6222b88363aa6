import type { TensorFlow } from './binding.ts';
import { attribute, GraphBuilder, tensorInfo, typeNumber } from './graphdef.ts';
import { loadSignatures } from './load.ts';
import { encodeSavedModel, type FunctionDef } from './proto.ts';

/** Marks a call, and the function called, to be compiled as one by XLA: what `tf.function(jit_compile=True)` writes. */
export const compiled = { _XlaMustCompile: attribute.flag(true) };

let answer: Promise<boolean> | null = null;

/** Whether this build of TensorFlow compiles functions: tried once in a process, with the smallest one. */
export function canCompile(tf: TensorFlow): Promise<boolean> {
  answer ??= tryIt(tf);
  return answer;
}

async function tryIt(tf: TensorFlow): Promise<boolean> {
  const type = typeNumber('float');
  const negation: FunctionDef = {
    signature: { name: 'negation', inputArg: [{ name: 'x', type }], outputArg: [{ name: 'y', type }] },
    nodeDef: [{ name: 'n', op: 'Neg', input: ['x'], attr: { T: attribute.type('float') } }],
    ret: { y: 'n:y:0' },
    attr: compiled,
  };
  const graph = new GraphBuilder();
  const shape = [2];
  const x = graph.add('Placeholder', [], { dtype: attribute.type('float'), shape: attribute.shape(shape) });
  const y = graph.add('PartitionedCall', [x], {
    f: attribute.function('negation'),
    Tin: attribute.types(['float']),
    Tout: attribute.types(['float']),
    ...compiled,
  });
  const info = {
    inputs: { x: tensorInfo(x, 'float', shape) },
    outputs: { y: tensorInfo(y, 'float', shape) },
  };
  const input = tf.tensor(Float32Array.of(1, 2), shape, 'float32');
  try {
    const models = await loadSignatures(tf, encodeSavedModel(graph.nodes, [negation], { step: info }), [
      'step',
    ]);
    const model = models.get('step')!;
    try {
      const output = model.predict({ x: input }).y!;
      const isRight = output.dataSync().join() === '-1,-2';
      output.dispose();
      return isRight;
    } finally {
      model.dispose();
    }
  } catch {
    return false;
  } finally {
    input.dispose();
  }
}
