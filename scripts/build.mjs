// Builds dist/: the compiled sources and the kernels of the embedded engine.
// With --if-stale only when a source is newer than the last build: `npx adam-repro` in a checkout runs `prepare` again.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');

if (!process.argv.includes('--if-stale') || isStale()) await build();

/** Builds beside dist/ and exchanges the two: a run that is using the former build is not disturbed half-way. */
async function build() {
  const fresh = join(root, `dist.${process.pid}.new`);
  const former = join(root, `dist.${process.pid}.old`);
  const started = new Date();
  try {
    mkdirSync(fresh);
    const status = compile(fresh);
    if (status !== 0) {
      // The compiler has said what is wrong.
      process.exitCode = status;
      return;
    }
    const { buildKernels } = await import('./build-kernels.mjs');
    await buildKernels(join(fresh, 'engines', 'wasm'));
    // What is changed while this build runs is newer than it.
    writeFileSync(join(fresh, '.built'), '');
    utimesSync(join(fresh, '.built'), started, started);
    try {
      renameSync(dist, former);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(former, { recursive: true, force: true });
  }
}

function compile(outDir) {
  const require = createRequire(import.meta.url);
  const file = require.resolve('typescript/package.json');
  const compiler = join(dirname(file), require(file).bin.tsc);
  const { status, error } = spawnSync(
    process.execPath,
    [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', outDir],
    { cwd: root, stdio: 'inherit' },
  );
  if (error) throw error;
  return status ?? 1;
}

function isStale() {
  const built = modified(stamp);
  const sources = ['src', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const all = [...sources, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  return built === undefined || all.some((name) => modified(join(root, name)) > built);
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
