import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { isOptimizer } from '../../src/optimizers/index.ts';
import { trajectory } from '../../src/optimizers/trajectory.ts';
import { parseSpec } from '../../src/spec/load.ts';
import { importUserFile } from '../../src/user-file.ts';
import { temporaryFolder } from '../cli/built.ts';
import { type Block, blocks, indentedBlocks } from './blocks.ts';
import { commandsOf, runCommand } from './commands.ts';
import { root } from './root.ts';

const inLanguage = (...languages: string[]): Block[] =>
  blocks.filter(({ language, notRun }) => notRun === undefined && languages.includes(language));

describe('blocks of code', () => {
  it('are each run here, or say why not', () => {
    const languages = new Set(['ts', 'yaml', '']);
    const neither = blocks.filter(
      (block) =>
        block.notRun === undefined &&
        (!languages.has(block.language) || (block.language === '' && commandsOf(block.code) === undefined)),
    );
    expect(neither.map(({ where, code }) => `${where}: ${code.split('\n', 1)[0]}`)).toEqual([]);
    expect(blocks.length).toBeGreaterThan(20);
  });

  it('are fenced, none of them indented', () => {
    expect(indentedBlocks).toEqual([]);
  });
});

describe('TypeScript', () => {
  const folder = temporaryFolder();
  const files = inLanguage('ts').map(({ where, code }) => {
    const file = join(folder, `${where.replaceAll(/\W+/g, '-')}.ts`);
    writeFileSync(file, code);
    return { where, file };
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('has no type errors', () => {
    // As a user has it: the declarations of the build.
    const paths = { 'adam-repro': [join(root, 'dist/index.d.ts')] };
    const compilerOptions = { paths, typeRoots: [join(root, 'node_modules/@types')], rootDir: '/' };
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions,
        include: ['*.ts'],
        exclude: [],
      }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it.each(files)('of $where runs', async ({ file }) => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const { optimizer } = await importUserFile(file);
    if (!isOptimizer(optimizer)) return;
    const path = await trajectory(optimizer, {}, { start: [1, -1], gradients: (p) => p.slice(), steps: 3 });
    expect(path.flatMap((p) => [...p]).every(Number.isFinite)).toBe(true);
  });
});

describe('YAML', () => {
  /** What stands around a part of a spec that a page shows alone. */
  const around = `paper: { key: adam, figure: 2a }
data: { name: mnist }
model: { type: mlp, hidden: [100] }
training: { epochs: 50 }
optimizers: { adam: {}, adagrad: {}, sgd: {} }
`;
  it.each(inLanguage('yaml'))('of $where is valid', async ({ code }) => {
    const whole = 'optimizers' in (parse(code) as object) ? code : `${around}${code}`;
    await expect(parseSpec('page.yaml', whole)).resolves.toBeDefined();
  });
});

describe('commands', () => {
  const shell = inLanguage('').flatMap(({ where, page, code }) =>
    (commandsOf(code) ?? []).map((command) => ({ where, page, command })),
  );
  const folders = new Map<string, string>();
  /** One folder for each page, as a reader has it; the networks of MNIST are replaced by one that trains at once. */
  const folderOf = (page: string): string => {
    const known = folders.get(page);
    if (known !== undefined) return known;
    const folder = temporaryFolder();
    folders.set(page, folder);
    const { optimizers } = parse(readFileSync(join(root, 'experiments/mnist-mlp.yaml'), 'utf8'));
    const bare = Object.entries(optimizers as Record<string, { rule?: string; lr: number }>).map(
      ([name, { rule, lr }]) => [name, { ...(rule === undefined ? {} : { rule }), lr }],
    );
    const small = {
      data: { name: 'synthetic', trainExamples: 64, testExamples: 32 },
      model: { type: 'mlp', hidden: [8] },
      training: { batchSize: 32, epochs: 2 },
      optimizers: Object.fromEntries(bare),
    };
    writeFileSync(join(folder, 'small.yaml'), stringify(small));
    const rule = blocks.find(
      (block) => block.page === page && /^export const optimizer = /m.test(block.code),
    );
    mkdirSync(join(folder, 'rules'));
    if (rule !== undefined) writeFileSync(join(folder, 'rules/mine.ts'), rule.code);
    return folder;
  };

  it.each(shell)('$where: $command', ({ page, command }) => {
    const { status, stdout, stderr } = runCommand(command, folderOf(page));
    expect({ status, said: status === 0 ? '' : stderr + stdout }).toEqual({ status: 0, said: '' });
    expect(stdout).not.toBe('');
  });
});
