import type { Node } from '../../graph/node.ts';
import { type PhiloxKey, streams } from '../../graph/philox.ts';
import { attribute, type Tensor } from './graphdef.ts';
import { cast, type Emit, float, ints, reshape, type Scope, T } from './scope.ts';

type RandomOp = 'randomUniform' | 'randomNormal' | 'dropoutMask';

/** Philox with the key and the counter of philox.ts: both are two words of 64 bits, lower half first. */
function random(scope: Scope, op: string, shape: Tensor, key: PhiloxKey, step: Node): Tensor {
  const words = scope.op(
    'ConcatV2',
    [ints(scope, [0, 0]), scope.value(step), ints(scope, [key.draw]), ints(scope, [0], [])],
    {
      T: attribute.type('int32'),
      N: attribute.whole(3),
    },
  );
  const counter = scope.op('Bitcast', [reshape(scope, words, 'int32', [2, 2])], {
    T: attribute.type('int32'),
    type: attribute.type('uint64'),
  });
  const keyWords = (BigInt(streams[key.stream]) << 32n) | BigInt(key.seed >>> 0);
  const keyTensor = scope.op('Const', [], {
    dtype: attribute.type('uint64'),
    value: attribute.uint64([keyWords]),
  });
  const philox = ints(scope, [1], []);
  return scope.op(op, [shape, keyTensor, counter, philox], { dtype: attribute.type('float') });
}

/** Uniform numbers in an array of the shape that the tensor `shape` gives. */
export const uniform = (scope: Scope, shape: Tensor, key: PhiloxKey, step: Node): Tensor =>
  random(scope, 'StatelessRandomUniformV2', shape, key, step);

export const randomEmits: { readonly [Name in RandomOp]: Emit<Name> } = {
  randomUniform: (scope, { inputs: [step], attributes: { shape, key } }) =>
    uniform(scope, ints(scope, shape), key, step!),
  randomNormal: (scope, { inputs: [step], attributes: { shape, key } }) =>
    random(scope, 'StatelessRandomNormalV2', ints(scope, shape), key, step!),
  dropoutMask: (scope, { inputs: [step], attributes }) => {
    const numbers = uniform(scope, ints(scope, attributes.shape), attributes.key, step!);
    const keep = scope.op('GreaterEqual', [numbers, float(scope, attributes.rate)], T);
    const factor = float(scope, 1 / (1 - attributes.rate));
    return scope.op('Mul', [cast(scope, keep, 'bool', 'float'), factor], T);
  },
};
