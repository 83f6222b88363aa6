import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { root } from './root.ts';

export interface Declaration {
  /** As a user writes it (`dense`, `graph.matmul`); for a type that is only reached, its bare name. */
  readonly name: string;
  /** Exported from `adam-repro` itself, not merely reached by the type of something that is. */
  readonly exported: boolean;
  readonly isFunction: boolean;
  /** Relative to `src/`. */
  readonly file: string;
  /** The doc comment right above it, without its marks; undefined where there is none. */
  readonly doc: string | undefined;
  /** The source of the declaration, without the doc comment. */
  readonly source: string;
}

interface Module {
  readonly declarations: Map<string, string>;
  /** Names that come from other modules; original '*' stands for the whole of it. */
  readonly imports: Map<string, { file: string; original: string }>;
  readonly exported: readonly string[];
}

/**
 * What `src/index.ts` exports, and every declaration of the project that the types of these reach. The compiler's own
 * declaration files say which: they write inferred types out.
 */
export function publicDeclarations(): Declaration[] {
  const folder = mkdtempSync(join(tmpdir(), 'adam-repro-declarations-'));
  try {
    const emit = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder];
    // Where there are type errors, which the type check reports, the declarations are written all the same.
    spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...emit], { cwd: root });
    return collect(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function collect(folder: string): Declaration[] {
  const modules = new Map<string, Module>();
  const moduleOf = (file: string): Module => {
    if (!modules.has(file)) modules.set(file, parseModule(file));
    return modules.get(file)!;
  };
  const found = new Map<string, Declaration>();
  /** What is exported comes first, so that it is not taken for something merely reached. */
  const pending: { file: string; text: string }[] = [];

  function visit(file: string, name: string, shown: string, exported: boolean): void {
    const module = moduleOf(file);
    const imported = module.imports.get(name);
    if (imported?.original === '*') {
      if (!exported) return;
      for (const each of moduleOf(imported.file).exported)
        visit(imported.file, each, `${shown}.${each}`, true);
      return;
    }
    if (imported !== undefined) {
      visit(imported.file, imported.original, shown, exported);
      return;
    }
    const text = module.declarations.get(name);
    const key = `${file}:${name}`;
    if (text === undefined || found.has(key)) return;
    found.set(key, { name: shown, exported, ...sourceOf(relative(folder, file), name) });
    pending.push({ file, text });
  }

  function visitReached(file: string, text: string): void {
    for (const word of text.match(/[\w$]+(?:\.[\w$]+)?/g)!) {
      const [first, second] = word.split('.') as [string, string | undefined];
      const namespace = moduleOf(file).imports.get(first);
      if (namespace?.original === '*') {
        if (second !== undefined) visit(namespace.file, second, second, false);
      } else visit(file, first, first, false);
    }
    for (const [, from, member] of text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g)) {
      visit(declarationFile(file, from!), member!, member!, false);
    }
  }

  const index = join(folder, 'index.d.ts');
  for (const name of moduleOf(index).exported) visit(index, name, name, true);
  for (const { file, text } of pending) visitReached(file, text);
  return [...found.values()];
}

const declarationFile = (from: string, path: string): string =>
  join(dirname(from), path.replace(/\.ts$/, '.d.ts'));

function parseModule(file: string): Module {
  const text = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const declarations = new Map<string, string>();
  const imports = new Map<string, { file: string; original: string }>();
  const exported: string[] = [];
  for (const statement of text.split(/^(?=import |export |declare |interface |type |const )/m)) {
    const list = /^(import|export) (?:type )?\{([^}]*)\} from '(\.[^']+)'/.exec(statement);
    const namespace = /^(import|export) \* as (\w+) from '(\.[^']+)'/.exec(statement);
    const declared =
      /^(export )?(?:declare )?(?:const|function|interface|type|class|abstract class) ([\w$]+)/.exec(
        statement,
      );
    if (namespace !== null) {
      imports.set(namespace[2]!, { file: declarationFile(file, namespace[3]!), original: '*' });
      if (namespace[1] === 'export') exported.push(namespace[2]!);
    } else if (list !== null) {
      for (const item of list[2]!.split(',').map((each) => each.trim().replace(/^type /, ''))) {
        if (item === '') continue;
        const [original, name = original] = item.split(' as ') as [string, string?];
        imports.set(name, { file: declarationFile(file, list[3]!), original });
        if (list[1] === 'export') exported.push(name);
      }
    } else if (declared !== null) {
      declarations.set(declared[2]!, `${declarations.get(declared[2]!) ?? ''}${statement}`);
      if (declared[1] !== undefined) exported.push(declared[2]!);
    }
  }
  return { declarations, imports, exported };
}

/** The doc comment has to touch the declaration: one above an empty line speaks of the module. */
function sourceOf(
  declarationPath: string,
  name: string,
): Pick<Declaration, 'file' | 'doc' | 'source' | 'isFunction'> {
  const file = declarationPath.replace(/\.d\.ts$/, '.ts');
  const lines = readFileSync(join(root, 'src', file), 'utf8').split('\n');
  const kinds = '(async function|abstract class|const|function|interface|type|class)';
  const start = lines.findIndex((line) =>
    new RegExp(`^(export )?${kinds} ${name.replace('$', '\\$')}\\b`).test(line),
  );
  if (start < 0) throw new Error(`src/${file} does not declare ${name} at the start of a line.`);
  const length = lines
    .slice(start + 1)
    .findIndex((line) => /^(export |\/\*\*|const |function |interface |type )/.test(line));
  const source = lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n');
  let first = start - 1;
  let doc: string | undefined;
  if (lines[first]?.endsWith('*/') === true) {
    while (!lines[first]!.startsWith('/**')) first -= 1;
    doc = lines
      .slice(first, start)
      .map((line) => line.replace(/^\s*\/?\*+\/?\s?/, '').replace(/\s*\*\/$/, ''))
      .join(' ')
      .trim();
  }
  const isFunction = /^(export )?(async )?function |^(export )?const \w+ = (async )?(<[^>]*>)?\(/.test(
    source,
  );
  return { file, doc, source, isFunction };
}
