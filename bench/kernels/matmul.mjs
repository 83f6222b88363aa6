// GFLOP/s of the matrix product on training shapes, packing included; modules interleaved, best of several rounds.
// node bench/kernels/matmul.mjs [folders with kernels.wasm and kernels-relaxed.wasm, to compare them]
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--experimental-wasm-relaxed-simd');
const shapes = [
  ['forward 1', 128, 784, 1000, 0, 0],
  ['forward 2', 128, 1000, 1000, 0, 0],
  ['forward 3', 128, 1000, 10, 0, 0],
  ['dW 1', 784, 128, 1000, 1, 0],
  ['dW 2', 1000, 128, 1000, 1, 0],
  ['dW 3', 1000, 128, 10, 1, 0],
  ['dX 2', 128, 1000, 1000, 0, 1],
  ['dX 3', 128, 10, 1000, 0, 1],
  ['logreg', 128, 784, 10, 0, 0],
  ['logreg dW', 784, 128, 10, 1, 0],
  ['square', 768, 768, 768, 0, 0],
];
const folders = process.argv.length > 2 ? process.argv.slice(2) : ['dist/engines/wasm'];
const modules = folders.flatMap((folder) =>
  ['kernels.wasm', 'kernels-relaxed.wasm'].map((file) => {
    const memory = new WebAssembly.Memory({ initial: 800 });
    const module = new WebAssembly.Module(readFileSync(`${folder}/${file}`));
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    new Float32Array(memory.buffer).forEach((_, i, all) => {
      all[i] = ((i * 7919) % 1013) / 1013 - 0.5;
    });
    return exports;
  }),
);
for (const [name, m, k, n, transposeA, transposeB] of shapes) {
  const a = 4096;
  const b = a + 4 * 1024 * 1024;
  const c = b + 8 * 1024 * 1024;
  const scratch = c + 8 * 1024 * 1024;
  const work = 2 * m * k * n;
  const repeat = Math.max(1, Math.round(1e8 / work));
  const best = modules.map(() => Infinity);
  for (let round = 0; round < 16; round++) {
    modules.forEach(({ matmul }, i) => {
      const start = process.hrtime.bigint();
      for (let r = 0; r < repeat; r++) matmul(a, b, c, m, n, k, transposeA, transposeB, scratch);
      best[i] = Math.min(best[i], Number(process.hrtime.bigint() - start) / repeat);
    });
  }
  const rates = best.map((ns) => (work / ns).toFixed(1).padStart(6)).join(' ');
  process.stdout.write(`${name.padEnd(10)} ${[m, k, n].join('x').padEnd(14)} ${rates} GFLOP/s\n`);
}
