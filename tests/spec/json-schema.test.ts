import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optimizers } from '../../src/optimizers/index.ts';
import { experimentJsonSchema } from '../../src/spec/json-schema.ts';
import { listExperiments } from '../../src/spec/load.ts';

describe('the published JSON Schema', () => {
  it('is up to date (`npx vitest run tests/spec/json-schema.test.ts -u` writes it)', async () => {
    const text = `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../schema/experiment.schema.json');
  });

  it('is draft 7, and requires what a spec must say', () => {
    const schema = experimentJsonSchema();
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.if).toEqual({ required: ['problem'] });
    expect(schema.then).toMatchObject({ required: ['problem', 'training', 'optimizers'] });
    expect(schema.else).toMatchObject({ required: ['data', 'model', 'training', 'optimizers'] });
    expect(schema.additionalProperties).toBe(false);
  });

  it.each(Object.entries(optimizers))('has every hyper-parameter of %s', (name, { hyper }) => {
    const definitions = experimentJsonSchema().definitions as Record<string, { properties: object }>;
    expect(Object.keys(definitions[`rule-${name}`]!.properties)).toEqual(
      expect.arrayContaining(Object.keys(hyper)),
    );
  });

  it.each(listExperiments())('is named in the first line of %s', (name) => {
    const text = readFileSync(new URL(`../../experiments/${name}.yaml`, import.meta.url), 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema/experiment.schema.json');
  });
});
