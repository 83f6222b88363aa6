// The same training step through the public TensorFlow.js API on its WebAssembly backend, as it comes.
// Arguments: model (logreg | mlp), steps. Prints one JSON line: { msPerStep }.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [model, steps] = [process.argv[2], Number(process.argv[3])];
const package_ = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
setWasmPaths(join(package_, 'wasm-out/'));
await tf.setBackend('wasm');
await tf.ready();

const batch = 128;
const sizes = model === 'mlp' ? [784, 1000, 1000, 10] : [784, 10];
const weights = sizes.slice(1).map((n, i) => tf.variable(tf.randomNormal([sizes[i], n], 0, 0.05)));
const biases = sizes.slice(1).map((n) => tf.variable(tf.zeros([n])));
const x = tf.randomUniform([batch, 784]);
const y = tf.oneHot(tf.tensor1d(Int32Array.from({ length: batch }, (_, i) => i % 10), 'int32'), 10).toFloat();
const optimizer = tf.train.adam(1e-3);

const loss = () => {
  let h = x;
  weights.forEach((w, i) => {
    h = h.matMul(w).add(biases[i]);
    if (i + 1 < weights.length) h = h.relu();
  });
  return tf.losses.softmaxCrossEntropy(y, h);
};
const step = () => {
  const cost = optimizer.minimize(loss, true);
  cost.dataSync();
  cost.dispose();
};

for (let i = 0; i < 3; i++) step();
const start = performance.now();
for (let i = 0; i < steps; i++) step();
console.log(JSON.stringify({ msPerStep: (performance.now() - start) / steps }));
