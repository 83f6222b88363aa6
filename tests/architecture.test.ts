import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each folder of src/ may import from at run time: dependencies point one way. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  graph: [],
  paper: [],
  engines: ['graph'],
  optimizers: ['graph', 'engines'],
  datasets: ['graph', 'engines'],
  models: ['graph'],
  problems: ['graph'],
  training: ['graph', 'engines', 'optimizers', 'datasets', 'models', 'problems'],
  spec: ['graph', 'engines', 'optimizers', 'datasets', 'models', 'problems', 'paper'],
  results: ['spec', 'training'],
  runner: ['results', 'spec', 'training', 'engines', 'optimizers', 'datasets', 'models'],
  tuning: ['runner', 'results', 'spec', 'paper', 'problems'],
  figures: ['results', 'paper', 'spec', 'problems'],
  'own-optimizer': ['graph', 'engines', 'optimizers'],
  explain: ['graph', 'optimizers'],
  claims: ['results', 'spec', 'paper'],
  compare: ['results'],
  report: ['figures', 'claims', 'results', 'paper', 'spec'],
  cli: [
    'compare',
    'report',
    'claims',
    'own-optimizer',
    'explain',
    'figures',
    'tuning',
    'paper',
    'runner',
    'results',
    'spec',
    'training',
    'engines',
    'optimizers',
    'datasets',
    'models',
  ],
};

const source = resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.includes('assembly'),
);

/** The top folder of a file of src/, or '' for src/ itself. */
const folderOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '');

describe('imports between the folders of src/', () => {
  it.each(files.map((file) => [file]))('%s', (file) => {
    const folder = folderOf(file);
    if (folder === '') return;
    const text = readFileSync(join(source, file), 'utf8');
    // `import type` is free: types are erased, and nothing is loaded by them.
    const imports = [
      ...text.matchAll(/(?:^import (?!type\b)[^;]*?from|^export [^;]*?from|\bimport\()\s*'(\.[^']+)'/gm),
    ];
    const wrong = imports
      .map((match) => relative(source, resolve(dirname(join(source, file)), match[1]!)))
      .filter((target) => {
        const other = folderOf(target);
        return other !== '' && other !== folder && !allowed[folder]!.includes(other);
      });
    expect(wrong).toEqual([]);
  });
});

describe('the size of files', () => {
  it('stays below 250 lines: a longer file holds two ideas', () => {
    const long = files.filter((file) => readFileSync(join(source, file), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });
});
