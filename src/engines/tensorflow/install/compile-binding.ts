import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../../errors.ts';
import type { Report } from './progress.ts';
import type { Compiler } from './requirements.ts';
import { binding, framework, library, tfjsPackage } from './store.ts';
import { firstLine, runTool, type ToolOptions, type ToolResult } from './tool.ts';

/**
 * Compiles the package's two sources against Node-API and TensorFlow's C API, and links them to the two libraries in
 * `<folder>/tensorflow`, found at run time relative to the binding: the folder can be renamed.
 * Throws `UserError` with the compiler's first error.
 */
export async function compileBinding(
  { folder, scratch, include }: { folder: string; scratch: string; include: string },
  { compiler, report, ...options }: ToolOptions & { compiler: Compiler; report: Report },
): Promise<void> {
  report({ type: 'started', stage: 'compile', text: `compiling the binding: ${compiler.version}` });
  const program = compiler.command.split(' ');
  const sources = join(folder, tfjsPackage, 'binding');
  const includes = [
    include,
    join(folder, 'node_modules', 'node-api-headers', 'include'),
    join(folder, tfjsPackage),
  ];
  const flags = ['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', ...includes.map((path) => `-I${path}`)];
  const environment = { ...options.environment, TMPDIR: scratch };
  const run = async (args: readonly string[]): Promise<void> => {
    const result = await runTool([...program, ...args], { ...options, environment });
    if (result.status !== 0) throw new UserError(compilerFailure(compiler, result));
  };
  const objects = ['tfjs_backend', 'tfjs_binding'].map((name) => [
    join(sources, `${name}.cc`),
    join(scratch, `${name}.o`),
  ]);
  await Promise.all(objects.map(([source, object]) => run([...flags, '-c', source!, '-o', object!])));

  const output = join(folder, binding);
  await mkdir(dirname(output), { recursive: true });
  const up = binding
    .split(/[\\/]/)
    .slice(1)
    .map(() => '..');
  const link = ['-shared', '-o', output, ...objects.map(([, object]) => object!)];
  const libraries = [library, framework].map((file) => join(folder, file));
  await run([...link, ...libraries, `-Wl,-rpath,${['$ORIGIN', ...up, 'tensorflow'].join('/')}`]);
  await rm(join(folder, 'node_modules', 'node-api-headers'), { recursive: true });
  report({ type: 'finished', stage: 'compile' });
}

export function compilerFailure({ command }: Compiler, { stderr, status }: ToolResult): string {
  if (/No space left on device/.test(stderr)) {
    return 'The disk is full and the binding could not be compiled: free some space, or set ADAM_REPRO_STORE to a folder on another disk.';
  }
  const error = stderr.split('\n').find((line) => /error|cannot find|undefined reference/i.test(line));
  const reason = firstLine(error ?? stderr) || `exit code ${status}`;
  return `The binding could not be compiled with ${command} (${reason}): name another C++17 compiler in CXX, or report this.`;
}
