// Builds dist/: the compiled sources and the kernels of the embedded engine.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './build-kernels.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

// A file whose source is gone must not stay importable.
rmSync(dist, { recursive: true, force: true });

const { packageJson, packageFolder } = typescript();
const compiler = join(packageFolder, packageJson.bin.tsc);
const { status, error } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
  cwd: root,
  stdio: 'inherit',
});
if (error) throw error;
if (status === 0) await buildKernels(join(dist, 'engines', 'wasm'));
else process.exitCode = status ?? 1;

function typescript() {
  const require = createRequire(import.meta.url);
  const file = require.resolve('typescript/package.json');
  return { packageJson: require(file), packageFolder: dirname(file) };
}
