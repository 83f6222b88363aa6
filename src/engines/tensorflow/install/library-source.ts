import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchLibrary } from './fetch-library.ts';
import type { Report } from './progress.ts';
import { findPythonTensorFlow } from './python-environment.ts';
import { findPip } from './requirements.ts';
import { type Flavour, framework, installName, library } from './store.ts';
import type { ToolOptions } from './tool.ts';
import { tensorflowVersion, totalBytes, type Wheel, type WheelSet } from './wheels.ts';

/** `target` becomes the install; `scratch` goes away. */
export interface Places {
  readonly target: string;
  readonly scratch: string;
}

export type FetchLibrary = (places: Places, options: ToolOptions & { report: Report }) => Promise<void>;

/** Where TensorFlow's library comes from. */
export interface LibrarySource {
  /** Of the install's folder. */
  readonly name: string;
  readonly flavour: Flavour;
  readonly version: string;
  readonly cuda: boolean;
  readonly wheels: readonly Wheel[];
  /** The linked `site-packages` folder. */
  readonly python?: string;
  /** Space it takes at the fullest moment. */
  readonly bytes: number;
  /** Finds the tools, or throws `UserError`; the returned function puts the libraries into `<target>`. */
  prepare(options: ToolOptions): Promise<FetchLibrary>;
  /** The folder of TensorFlow's headers once the library is there. */
  include(scratch: string): string;
}

export function wheelSource(flavour: 'cpu' | 'cuda', set: WheelSet): LibrarySource {
  const largest = Math.max(...set.wheels.map(({ download }) => download));
  return {
    name: installName(tensorflowVersion, flavour),
    flavour,
    version: tensorflowVersion,
    cuda: flavour === 'cuda',
    wheels: set.wheels,
    // pip keeps a download twice for a moment, and everything in its cache.
    bytes: totalBytes(set, 'unpacked') + 2 * largest + totalBytes(set, 'download'),
    async prepare(options) {
      const python = await findPip(options);
      return (places, fetchOptions) => fetchLibrary(set, places, { ...fetchOptions, python });
    },
    include: (scratch) => join(scratch, 'include'),
  };
}

/** The TensorFlow of an interpreter or environment. Throws `UserError` where there is none that fits. */
export async function linkedSource(named: string | undefined, options: ToolOptions): Promise<LibrarySource> {
  const { version, cuda, sitePackages } = await findPythonTensorFlow(named, options);
  const place = createHash('sha256').update(sitePackages).digest('hex').slice(0, 8);
  return {
    name: installName(version, 'python', `-${place}`),
    flavour: 'python',
    version,
    cuda,
    wheels: [],
    python: sitePackages,
    bytes: 0,
    prepare: async () => (places) => link(sitePackages, places),
    include: () => join(sitePackages, 'tensorflow', 'include'),
  };
}

async function link(sitePackages: string, { target }: Places): Promise<void> {
  await mkdir(join(target, 'tensorflow'));
  for (const file of [library, framework]) await symlink(join(sitePackages, file), join(target, file));
  const nvidia = join(sitePackages, 'nvidia');
  if (existsSync(nvidia)) await symlink(nvidia, join(target, 'nvidia'));
}
