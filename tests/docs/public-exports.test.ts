import { describe, expect, it } from 'vitest';
import { expectGenerated, markdownTable } from './generated.ts';
import { publicDeclarations } from './public-declarations.ts';

const declarations = publicDeclarations();
const exported = declarations.filter((each) => each.exported);

describe('what adam-repro exports', () => {
  it('is found, with the types that it reaches', () => {
    const names = declarations.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['defineOptimizer', 'trajectory', 'Model', 'graph.matmul']));
    expect(names).toEqual(expect.arrayContaining(['HyperDescriptor', 'Initialization', 'Node', 'Engine']));
    expect(exported.length).toBeLessThan(declarations.length);
  });

  it.each(declarations)('$name of src/$file has a doc comment', ({ doc }) => {
    expect(doc ?? '').toMatch(/\w/);
  });

  it.each(exported.filter(({ source }) => /\bthrow new /.test(source)))(
    '$name says what it throws',
    ({ doc }) => {
      expect(doc).toMatch(/@throws|\bthrows\b/);
    },
  );

  it.each(exported.filter(({ name, isFunction }) => name.startsWith('graph.') && isFunction))(
    '$name says what the shapes are',
    ({ doc }) => {
      expect(doc).toMatch(/\[.*\]|\bshape|[Ee]lement|\baxes\b|\baxis\b/);
    },
  );

  it('stands in docs/api.md, every name with the first sentence of its comment', async () => {
    const rows = exported.map(({ name, doc }) => [`\`${name}\``, firstSentence(doc ?? '')]);
    const all = rows.sort(([a], [b]) => Number(a!.includes('.')) - Number(b!.includes('.')));
    await expectGenerated('docs/api.md', { exports: markdownTable(['export', 'what it is'], all) });
  });
});

const firstSentence = (doc: string): string =>
  /^.*?[.:](?= [A-Z@]| {2}|$)/.exec(doc)?.[0].replace(/:$/, '.') ?? doc;
