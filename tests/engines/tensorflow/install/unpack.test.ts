import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchLibrary } from '../../../../src/engines/tensorflow/install/fetch-library.ts';
import { findPythonTensorFlow } from '../../../../src/engines/tensorflow/install/python-environment.ts';
import { failureOf, put, smallWheels, temporaryFolder } from './fake-tools.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const environment = process.env;

/** A zip file with these members, made by Python; a name that ends in `!` is executable. */
function makeWheel(file: string, members: Readonly<Record<string, string>>): void {
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    for name, text in json.loads(sys.argv[2]).items():
        info = zipfile.ZipInfo(name.rstrip('!'))
        info.external_attr = (0o755 if name.endswith('!') else 0o644) << 16
        archive.writestr(info, text)`;
  expect(spawnSync('python3', ['-c', script, file, JSON.stringify(members)]).status).toBe(0);
}

describe.skipIf(!hasPython)('unpacking a wheel', () => {
  it('keeps libraries and the C API’s headers, and nothing that lies outside', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'a.whl');
    makeWheel(source, {
      'tensorflow/libtensorflow_cc.so.2!': 'library',
      'tensorflow/python/module.py': 'python',
      'tensorflow/python/_pywrap_tfe.so': 'python',
      'tensorflow/include/tensorflow/c/eager/c_api.h': 'header',
      'tensorflow/include/tensorflow/cc/ops.h': 'no',
      'tensorflow/include/xla/tsl/c/tsl_status.h': 'header',
      'nvidia/cublas/lib/libcublas.so.12!': 'cublas',
      'nvidia/cublas/include/cublas.h': 'no',
      'nvidia/cuda_runtime/lib/libcudart_static.a': 'no',
      'nvidia/../../../escaped.so': 'no',
    });
    // A python that downloads by copying, and is the real one otherwise.
    const python = join(folder, 'python');
    put(
      python,
      `#!/bin/sh\ncase "$*" in *download*) shift $(($# - 1)); cp '${source}' "$TMPDIR/";; *) exec python3 "$@";; esac\n`,
    );
    spawnSync('chmod', ['+x', python]);
    const [target, scratch] = ['target', 'scratch'].map((name) => join(folder, name)) as [string, string];
    for (const made of [target, scratch]) mkdirSync(made);
    await fetchLibrary(smallWheels, { target, scratch }, { environment, python, report: () => {} });

    const there = (file: string) => existsSync(join(target, file));
    expect(readFileSync(join(target, 'tensorflow/libtensorflow_cc.so.2'), 'utf8')).toBe('library');
    expect(statSync(join(target, 'nvidia/cublas/lib/libcublas.so.12')).mode & 0o111).toBe(0o111);
    for (const header of ['tensorflow/c/eager/c_api.h', 'xla/tsl/c/tsl_status.h']) {
      expect(existsSync(join(scratch, 'include', header))).toBe(true);
    }
    expect(existsSync(join(scratch, 'include/tensorflow/cc'))).toBe(false);
    for (const left of [
      'tensorflow/python',
      'include/tensorflow/cc',
      'nvidia/cublas/include',
      'nvidia/cuda_runtime',
    ]) {
      expect(there(left)).toBe(false);
    }
    expect(existsSync(join(folder, 'escaped.so'))).toBe(false);
  });
});

describe.skipIf(!hasPython)('the TensorFlow of a Python environment', () => {
  /** A folder that Python imports from, in place of an environment. */
  function sitePackages({ version = '2.20.0', library = true, cuda = 'False' } = {}): string {
    const folder = temporaryFolder();
    put(join(folder, 'tensorflow', '__init__.py'), 'raise SystemExit("it is never imported")');
    put(
      join(folder, 'tensorflow', 'python', 'platform', 'build_info.py'),
      `x = [('is_cuda_build', ${cuda})]`,
    );
    put(
      join(folder, 'tensorflow_cpu.dist-info', 'METADATA'),
      `Metadata-Version: 2.1\nName: tensorflow_cpu\nVersion: ${version}\n`,
    );
    if (library)
      for (const name of ['cc', 'framework']) put(join(folder, 'tensorflow', `libtensorflow_${name}.so.2`));
    return folder;
  }
  const find = (folder: string) =>
    findPythonTensorFlow('python3', { environment: { ...environment, PYTHONPATH: folder } });

  it('is found with version and kind, without importing it', async () => {
    const folder = sitePackages({ cuda: 'True' });
    expect(await find(folder)).toEqual({
      python: 'python3',
      version: '2.20.0',
      cuda: true,
      sitePackages: folder,
    });
    expect(await find(sitePackages())).toMatchObject({ cuda: false });
  });

  it.each([
    [{ version: '2.9.1' }, 'python3 has TensorFlow 2.9.1, and the binding needs 2.16 or a later 2.x'],
    [{ version: '3.0.0' }, 'python3 has TensorFlow 3.0.0'],
    [{ library: false }, 'comes without libtensorflow_cc.so.2'],
  ])('is refused with %j', async (kind, message) => {
    expect(await failureOf(find(sitePackages(kind)))).toContain(message);
  });

  it('is refused where the interpreter does not run', async () => {
    const none = join(temporaryFolder(), 'python');
    expect(await failureOf(findPythonTensorFlow(none, { environment }))).toBe(
      `The Python ${none} cannot be run (ENOENT): name an interpreter or the folder of an environment after --from-python.`,
    );
  });
});
