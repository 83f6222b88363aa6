import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { optimizers } from '../../src/optimizers/index.ts';
import { experimentJsonSchema } from '../../src/spec/json-schema.ts';
import { parseSpec } from '../../src/spec/load.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';

/** Without the padding of tables. */
const docs = readFileSync(new URL('../../docs/spec.md', import.meta.url), 'utf8').replaceAll(
  /(?<=\S) +(?=\S)/g,
  ' ',
);

/** Every key that a spec can have, at any depth, besides names and hyper-parameters. */
function schemaKeys(): string[] {
  const keys = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const property of Object.keys(value as object)) keys.add(property);
      visit(value);
    }
  };
  const schema = experimentJsonSchema();
  const { definitions } = schema as Record<string, Record<string, unknown>>;
  for (const part of [schema, schema.then, schema.else] as { properties: Record<string, unknown> }[]) {
    const { optimizers: _, ...fields } = part.properties;
    visit({ properties: fields });
  }
  visit(Object.fromEntries(Object.entries(definitions!).filter(([name]) => name.startsWith('entry-'))));
  return [...keys].sort();
}

describe('docs/spec.md', () => {
  it.each(Object.entries(optimizers))('has %s with the defaults it really has', (name, { hyper }) => {
    const defaults = Object.entries(hyper).map(
      ([key, descriptor]) => `\`${key}\` ${String(descriptor.default)}`,
    );
    expect(docs).toContain(`| \`${name}\` | ${defaults.join(', ')} |`);
  });

  it('shows a spec that is valid', async () => {
    const example = /```yaml\n(.*?)```/s.exec(docs)![1]!;
    expect(Object.keys((await parseSpec('my-spec.yaml', example)).source.data as object)).toContain(
      'optimizers',
    );
    expect(parse(example)).toHaveProperty('optimizers.careful-adam.rule', 'adam');
  });

  it('shows a grid that makes as many runs as it says', async () => {
    const example = /### grid.*?```yaml\n(.*?)```/s.exec(docs)![1]!;
    const { runs } = await resolveSpec(await parseSpec('my-spec.yaml', example), { engine: 'wasm' });
    expect(docs).toContain('These are 2 x (6 + 6) runs');
    expect(runs).toHaveLength(2 * (6 + 6));
  });

  it('shows variants that a spec can have', async () => {
    const spec = /```yaml\n(.*?)```/s.exec(docs)![1]!.replace('optimizers:\n', 'optimizers:\n  sgd: {}\n');
    const example = /### variants.*?```yaml\n(.*?)```/s.exec(docs)![1]!;
    const named = `${spec}\npaper: { key: adam, figure: 2a }\n${example}`;
    expect((await parseSpec('my-spec.yaml', named)).variants).toEqual(['as-drawn', 'tuned']);
  });

  it.each(schemaKeys())('says what %s is', (key) => {
    expect(docs).toMatch(new RegExp(`\`[^\`\\n]*\\b${key}\\b[^\`\\n]*\``));
  });
});
