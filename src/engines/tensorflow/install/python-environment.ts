import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { compareVersions } from './requirements.ts';
import { firstLine, runTool, type ToolOptions } from './tool.ts';

/** The TensorFlow of a Python environment. */
export interface PythonTensorFlow {
  readonly python: string;
  readonly version: string;
  readonly cuda: boolean;
  /** The folder that has `tensorflow/` and, for CUDA, `nvidia/`. */
  readonly sitePackages: string;
}

/** The first release whose wheel has libtensorflow_cc beside the Python modules and whose headers are complete. */
const oldest = '2.16';

/** Asks for metadata only: importing TensorFlow takes seconds and prints. */
const probeScript = `
import importlib.util, json, os, re
spec = importlib.util.find_spec('tensorflow')
found = {'version': None, 'folder': None, 'library': False, 'cuda': False}
if spec and spec.submodule_search_locations:
    folder = list(spec.submodule_search_locations)[0]
    found['folder'] = folder
    found['library'] = all(os.path.exists(os.path.join(folder, 'lib' + name + '.so.2'))
                           for name in ('tensorflow_cc', 'tensorflow_framework'))
    try:
        from importlib import metadata
        for distribution in metadata.distributions(path=[os.path.dirname(folder)]):
            name = (distribution.metadata['Name'] or '').lower().replace('_', '-')
            if re.fullmatch(r'(tensorflow|tf-nightly)(-cpu|-gpu|-cpu-aws|-rocm)?', name):
                found['version'] = distribution.version
        with open(os.path.join(folder, 'python', 'platform', 'build_info.py')) as file:
            found['cuda'] = re.search(r"is_cuda_build['\\"], True", file.read()) is not None
    except (ImportError, OSError):
        pass
print(json.dumps(found))
`;

/**
 * The TensorFlow of `named` (an interpreter or an environment's folder), else of the active environment, else of
 * python3 on the path. Throws `UserError` where there is none that can be linked.
 */
export async function findPythonTensorFlow(
  named: string | undefined,
  options: ToolOptions,
): Promise<PythonTensorFlow> {
  const python = interpreter(named, options.environment);
  const { status, stdout, stderr, startFailure } = await runTool([python, '-c', probeScript], options);
  if (status !== 0) {
    const reason =
      startFailure ?? (firstLine(stderr.trim().split('\n').at(-1) ?? '') || `exit code ${status}`);
    throw new UserError(
      `The Python ${python} cannot be run (${reason}): name an interpreter or the folder of an environment after --from-python.`,
    );
  }
  const { version, folder, library, cuda } = JSON.parse(stdout) as Probe;
  const download = 'or leave --from-python out and have it downloaded';
  if (folder === null) {
    throw new UserError(
      `${python} has no TensorFlow: activate the environment that has one, name its interpreter after --from-python, ${download}.`,
    );
  }
  if (version === null || compareVersions(version, oldest) < 0 || compareVersions(version, '3') >= 0) {
    throw new UserError(
      `${python} has TensorFlow ${version ?? 'of an unknown version'}, and the binding needs ${oldest} or a later 2.x: upgrade it, ${download}.`,
    );
  }
  if (!library) {
    throw new UserError(
      `The TensorFlow ${version} of ${python} comes without libtensorflow_cc.so.2 (looked in ${folder}): use one from PyPI, ${download}.`,
    );
  }
  return { python, version, cuda, sitePackages: join(folder, '..') };
}

interface Probe {
  readonly version: string | null;
  readonly folder: string | null;
  readonly library: boolean;
  readonly cuda: boolean;
}

function interpreter(named: string | undefined, { VIRTUAL_ENV, CONDA_PREFIX }: NodeJS.ProcessEnv): string {
  const place = named ?? (VIRTUAL_ENV || CONDA_PREFIX || 'python3');
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ? join(place, 'bin', 'python') : place;
}
