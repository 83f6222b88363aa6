// Milliseconds per million elements of every other kernel (arrays of 100,000, in the second-level cache), GFLOP/s of
// the convolutions; best of several rounds, plain and relaxed module interleaved.
// node bench/kernels/kernels.mjs [folder with the modules]
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--experimental-wasm-relaxed-simd');
const folder = process.argv[2] ?? 'dist/engines/wasm';
const size = 100_000;
const [x, y, z, out, ints, offsets] = [1, 2, 3, 4, 5, 6].map((i) => i * 1024 * 1024);
const big = 16 * 1024 * 1024;

const modules = ['kernels.wasm', 'kernels-relaxed.wasm'].map((file) => {
  const memory = new WebAssembly.Memory({ initial: 3200 });
  const module = new WebAssembly.Module(readFileSync(`${folder}/${file}`));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const floats = new Float32Array(memory.buffer);
  for (let i = 0; i < floats.length; i++) floats[i] = (((i * 7919) % 1013) + 1) / 1014;
  new Int32Array(memory.buffer, ints, 2 * size).forEach((_, i, all) => {
    all[i] = (i * 31) % 100;
  });
  new Int32Array(memory.buffer, offsets, size / 100 + 1).forEach((_, i, all) => {
    all[i] = 100 * i;
  });
  return exports;
});

function best(call) {
  return modules.map((kernels) => {
    let time = Infinity;
    for (let round = 0; round < 60; round++) {
      const start = process.hrtime.bigint();
      call(kernels);
      time = Math.min(time, Number(process.hrtime.bigint() - start));
    }
    return time;
  });
}

const calls = {};
for (const name of ['add', 'multiply', 'divide']) calls[name] = (k) => k[name](x, y, out, 1, size, 0);
calls['add a row of 1000'] = (k) => k.add(x, y, out, size / 1000, 1000, 0);
calls['add a row of 10'] = (k) => k.add(x, y, out, size / 10, 10, 0);
for (const name of ['square', 'sqrt', 'exp', 'log', 'relu', 'sigmoid', 'tanh', 'softplus']) {
  calls[name] = (k) => k[name](x, out, size);
}
for (const name of [
  'reluGradient',
  'sigmoidGradient',
  'tanhGradient',
  'softplusGradient',
  'sigmoidCrossEntropy',
]) {
  calls[name] = (k) => k[name](x, y, out, size);
}
calls.sigmoidCrossEntropyGradient = (k) => k.sigmoidCrossEntropyGradient(x, y, z, out, size);
calls['softmaxCrossEntropy, 10 classes'] = (k) => k.softmaxCrossEntropy(x, ints, out, size / 10, 10, 1);
calls['softmaxCrossEntropyGradient, 10'] = (k) =>
  k.softmaxCrossEntropyGradient(x, ints, y, out, size / 10, 10, 1);
calls['misclassified, 10 classes'] = (k) => k.misclassified(x, ints, out, size / 10, 10, 1);
calls['sum of all'] = (k) => k.sum(x, out, 1, size, 1);
calls['sum of columns, 100 x 1000'] = (k) => k.sum(x, out, 1, size / 1000, 1000);
calls['sum of columns, 10000 x 10'] = (k) => k.sum(x, out, 1, size / 10, 10);
calls.fill = (k) => k.fill(out, 1, size);
calls['expand rows of 10'] = (k) => k.expand(x, out, 1, size / 10, 10);
calls['gatherScaled, rows of 784'] = (k) =>
  k.gatherScaled(x, ints, out, Math.round(size / 784), 784, 1 / 255);
calls['gatherRows, rows of 784 floats'] = (k) => k.gatherRows(x, ints, out, Math.round(size / 784), 784 * 4);
for (const n of [1, 2]) {
  calls[`sparseMatmul, n = ${n}`] = (k) => k.sparseMatmul(ints, x, offsets, y, out, size / 100, n);
  calls[`sparseMatmulGradient, n = ${n}`] = (k) =>
    k.sparseMatmulGradient(ints, x, offsets, y, out, size / 100, n, 100);
}
calls['sparseDropout, rows of 100'] = (k) =>
  k.sparseDropout(x, offsets, out, size / 100, size, 1, 2, 3, 4, 0.5, 2);
calls.randomUniform = (k) => k.randomUniform(out, size, 1, 2, 3, 4);
calls.randomNormal = (k) => k.randomNormal(out, size, 1, 2, 3, 4);
calls.dropoutMask = (k) => k.dropoutMask(out, size, 1, 2, 3, 4, 0.5, 2);
calls['maxPool 3/2, 64 channels (inputs)'] = (k) => k.maxPool(x, out, 1, 40, 40, 64, 20, 20, 3, 2, 0, 0);
calls['maxPoolGradient 3/2, 64 channels'] = (k) =>
  k.maxPoolGradient(x, y, out, 1, 40, 40, 64, 20, 20, 3, 2, 0, 0);

for (const [name, call] of Object.entries(calls)) {
  const times = best(call).map((ns) => (ns / size).toFixed(3).padStart(8));
  process.stdout.write(`${name.padEnd(36)} ${times.join(' ')} ms per million\n`);
}
for (const [image, c, outChannels, n] of [
  [32, 3, 64, 8],
  [16, 64, 64, 8],
  [8, 64, 128, 16],
]) {
  const geometry = [n, image, image, c, 5, 5, outChannels, image, image, 1, 2, 2];
  const work = 2 * n * image * image * 25 * c * outChannels;
  for (const name of ['conv2d', 'conv2dInputGradient', 'conv2dFilterGradient']) {
    const times = best((k) => k[name](x, big, 3 * big, ...geometry, 5 * big));
    const rates = times.map((ns) => (work / ns).toFixed(1).padStart(8));
    process.stdout.write(
      `${`${name} ${c}->${outChannels} at ${image}`.padEnd(36)} ${rates.join(' ')} GFLOP/s\n`,
    );
  }
}
