import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type FileSystem, realFileSystem } from '../../src/results/file-system.ts';

/** A file with what is safe on the disk and what programs see. */
interface FileNode {
  safe: Buffer;
  seen: Buffer;
}
/** A folder's names that are safe on the disk, and those that programs see. */
interface FolderNode {
  readonly safe: Map<string, Node>;
  readonly seen: Map<string, Node>;
}
type Node = FileNode | FolderNode;

const isFolder = (node: Node): node is FolderNode => node.seen instanceof Map;

/** One step on names, not safe before each of its folders was synchronised; a rename is two changes or none. */
interface NameStep {
  readonly changes: readonly { readonly folder: FolderNode; readonly name: string; readonly node?: Node }[];
}

/** Everything below the root: bytes of files, null for folders. */
export type DiskState = ReadonlyMap<string, Buffer | null>;

/**
 * The real file operations below a folder, and what a power loss between any two of them may leave: of the steps on
 * names that no fsync of their folder has followed any subset, in order; of the files that no fsync has followed their
 * former bytes, the new ones, half of what was added, or zeros in its place. That is what POSIX allows, and more than
 * usual file systems do.
 */
export class PowerLossDisk {
  readonly files: FileSystem;
  readonly #root: string;
  readonly #tree: FolderNode = { safe: new Map(), seen: new Map() };
  readonly #opened = new Map<number, Node>();
  #pending: NameStep[] = [];

  /** `before` is called before every operation that changes something; `root` is an empty folder. */
  constructor(root: string, before: (disk: PowerLossDisk) => void) {
    this.#root = root;
    this.files = new Proxy(realFileSystem, {
      get: (target, name: keyof FileSystem) => {
        const real = target[name] as (...parameters: unknown[]) => unknown;
        return (...parameters: unknown[]) => {
          if (changing.has(name) || (name === 'openSync' && parameters[1] === 'wx')) before(this);
          const result = name === 'fsyncSync' ? undefined : real(...parameters); // tests need no real disk
          this.#follow(name, parameters, result);
          return result;
        };
      },
    });
  }

  /** What a power loss at this moment may leave: at most `limit` states for the names, drawn where there are more. */
  states(random: () => number, limit: number): DiskState[] {
    const found = new Map<string, DiskState>();
    for (const kept of subsets(this.#pending, random, limit)) {
      for (const fate of ['safe', 'seen', 'half', 'zeros'] as const) {
        const state = this.#state(kept, fate);
        found.set(keyOf(state), state);
      }
    }
    return [...found.values()];
  }

  #state(kept: readonly NameStep[], fate: 'safe' | 'seen' | 'half' | 'zeros'): DiskState {
    const names = new Map<FolderNode, Map<string, Node>>();
    const namesOf = (folder: FolderNode) => {
      if (!names.has(folder)) names.set(folder, new Map(folder.safe));
      return names.get(folder)!;
    };
    for (const { folder, name, node } of kept.flatMap(({ changes }) => changes)) {
      if (node === undefined) namesOf(folder).delete(name);
      else namesOf(folder).set(name, node);
    }
    const state = new Map<string, Buffer | null>();
    const visit = (folder: FolderNode, path: string) => {
      for (const [name, node] of namesOf(folder)) {
        const below = join(path, name);
        state.set(below, isFolder(node) ? null : bytesOf(node, fate));
        if (isFolder(node)) visit(node, below);
      }
    };
    visit(this.#tree, '');
    return state;
  }

  #follow(name: keyof FileSystem, parameters: unknown[], result: unknown): void {
    const [first, second] = parameters;
    switch (name) {
      case 'mkdirSync':
        this.#makeFolders(String(first));
        break;
      case 'openSync':
        if (second === 'wx') {
          this.#step([[String(first), { safe: Buffer.alloc(0), seen: Buffer.alloc(0) }]]);
        }
        this.#opened.set(result as number, this.#nodeAt(String(first))!);
        break;
      case 'writeSync': {
        const [, bytes, offset, , position] = parameters as [number, Uint8Array, number, number, number];
        const file = this.#opened.get(first as number) as FileNode;
        const length = Math.max(file.seen.length, position + (result as number));
        const seen = Buffer.alloc(length);
        seen.set(file.seen);
        seen.set(bytes.subarray(offset, offset + (result as number)), position);
        file.seen = seen;
        break;
      }
      case 'ftruncateSync': {
        const file = this.#opened.get(first as number) as FileNode;
        file.seen = file.seen.subarray(0, second as number);
        break;
      }
      case 'fsyncSync':
        this.#synchronise(this.#opened.get(first as number)!);
        break;
      case 'renameSync':
        this.#step([
          [String(first), undefined],
          [String(second), this.#nodeAt(String(first))!],
        ]);
        break;
      case 'unlinkSync':
      case 'rmdirSync':
        this.#step([[String(first), undefined]]);
        break;
    }
  }

  #makeFolders(path: string): void {
    if (this.#nodeAt(path) !== undefined) return;
    this.#makeFolders(dirname(path));
    this.#step([[path, { safe: new Map(), seen: new Map() }]]);
  }

  #step(names: readonly (readonly [path: string, node: Node | undefined])[]): void {
    const changes = names.map(([path, node]) => {
      const folder = this.#nodeAt(dirname(path)) as FolderNode;
      const name = relative(dirname(path), path);
      if (node === undefined) folder.seen.delete(name);
      else folder.seen.set(name, node);
      return { folder, name, ...(node && { node }) };
    });
    this.#pending.push({ changes });
  }

  #synchronise(node: Node): void {
    if (!isFolder(node)) {
      node.safe = node.seen;
      return;
    }
    const now = this.#pending.filter(({ changes }) => changes.some(({ folder }) => folder === node));
    for (const { folder, name, node: child } of now.flatMap(({ changes }) => changes)) {
      if (child === undefined) folder.safe.delete(name);
      else folder.safe.set(name, child);
    }
    this.#pending = this.#pending.filter((step) => !now.includes(step));
  }

  #nodeAt(path: string): Node | undefined {
    const parts = relative(this.#root, path).split('/').filter(Boolean);
    return parts.reduce<Node | undefined>(
      (node, part) => (node && isFolder(node) ? node.seen.get(part) : undefined),
      this.#tree,
    );
  }
}

const changing = new Set<keyof FileSystem>([
  ...(['mkdirSync', 'renameSync', 'unlinkSync', 'rmdirSync', 'writeSync', 'ftruncateSync'] as const),
  'fsyncSync',
]);

function bytesOf({ safe, seen }: FileNode, fate: 'safe' | 'seen' | 'half' | 'zeros'): Buffer {
  if (fate === 'safe' || fate === 'seen') return fate === 'safe' ? safe : seen;
  const half = safe.length + Math.floor((seen.length - safe.length) / 2);
  if (seen.length <= safe.length || !seen.subarray(0, safe.length).equals(safe)) return safe;
  return fate === 'half'
    ? seen.subarray(0, half)
    : Buffer.concat([safe, Buffer.alloc(seen.length - safe.length)]);
}

/** All subsets where they are few, else none, all, every one left out or alone, and some more. */
function subsets<T>(all: readonly T[], random: () => number, limit: number): T[][] {
  const pick = (mask: (i: number) => boolean) => all.filter((_, i) => mask(i));
  if (2 ** all.length <= limit) {
    return Array.from({ length: 2 ** all.length }, (_, bits) => pick((i) => ((bits >> i) & 1) === 1));
  }
  const some = [pick(() => false), pick(() => true)];
  for (const i of all.keys())
    some.push(
      pick((j) => j !== i),
      pick((j) => j === i),
    );
  while (some.length < limit) some.push(pick(() => random() < 0.5));
  return some;
}

function keyOf(state: DiskState): string {
  return JSON.stringify(
    [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, b]) => [path, b?.toString('latin1')]),
  );
}

/** Puts a state into an empty folder. */
export function restore(state: DiskState, root: string): void {
  for (const [path, bytes] of state) {
    if (bytes === null) mkdirSync(join(root, path), { recursive: true });
    else writeFileSync(join(root, path), bytes);
  }
}
