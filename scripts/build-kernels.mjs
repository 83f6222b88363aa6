// Compiles the wasm engine's kernels: one source, two modules (with and without relaxed SIMD's fused multiply-add).
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'src/engines/wasm/assembly/index.ts');

const variants = {
  'kernels.wasm': ['simd', 'bulk-memory'],
  'kernels-relaxed.wasm': ['simd', 'bulk-memory', 'relaxed-simd'],
};

/** Writes kernels.wasm and kernels-relaxed.wasm into a folder; throws with the compiler's message. */
export async function buildKernels(outDir) {
  await mkdir(outDir, { recursive: true });
  for (const [file, features] of Object.entries(variants)) {
    const { error, stdout, stderr } = await asc.main([
      path.relative(root, source),
      ...['--baseDir', root, '--outFile', path.relative(root, path.join(outDir, file))],
      ...['-O3', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--initialMemory', '1'],
      // The kernels never throw: without this the module would import env.abort.
      ...['--use', 'abort=', '--noColors'],
      ...features.flatMap((feature) => ['--enable', feature]),
    ]);
    if (error)
      throw new Error(
        `${file} cannot be compiled: ${stderr.toString() || stdout.toString() || error.message}`,
      );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernels(path.resolve(process.argv[2] ?? path.join(root, 'dist/engines/wasm')));
}
