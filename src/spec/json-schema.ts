import { z } from 'zod';
import { allowedValues, type HyperDescriptor } from '../optimizers/hyper-parameters.ts';
import { isFilePath } from './fields.ts';
import { problemSpecSchema } from './problem-spec.ts';
import { isEntries, shippedRules } from './rules.ts';
import { specSchema } from './schema.ts';

type JsonSchema = { [key: string]: unknown };
type Properties = Record<string, JsonSchema>;
type ObjectSchema = JsonSchema & { properties: Properties; required: string[] };

/**
 * The spec's format as a JSON Schema (draft 7, the newest that editors' YAML support reads), made from the validator's
 * own schemas and the rules' hyper-parameters. schema/experiment.schema.json is this, written to a file.
 */
export function experimentJsonSchema(): JsonSchema {
  const network = jsonSchemaOf(specSchema);
  const problem = jsonSchemaOf(problemSpecSchema);
  // Specs of problems have some more keys. In other specs only the validator refuses them.
  const shared = (problem.properties.optimizers!.additionalProperties as JsonSchema).properties as Properties;
  const common = Object.fromEntries(Object.keys(shared).map((key) => [key, ref(`entry-${key}`)]));
  const rules = Object.entries(shippedRules);
  const schema = eitherKind(linkEntries(network), linkEntries(problem));
  const whenRule = (rule: JsonSchema, definition: string) =>
    conditional({ required: ['rule'], properties: { rule } }, definition);
  const filePattern = { pattern: isFilePath.source };
  const definitions = {
    'entry-with-rule': {
      type: 'object',
      required: ['rule'],
      properties: {
        rule: { anyOf: [{ enum: rules.map(([name]) => name) }, { type: 'string', ...filePattern }] },
      },
      allOf: [
        ...rules.map(([name]) => whenRule({ const: name }, `rule-${name}`)),
        whenRule(filePattern, 'rule-from-file'),
      ],
    },
    'rule-from-file': { type: 'object', properties: common },
    ...Object.fromEntries(Object.entries(shared).map(([key, setting]) => [`entry-${key}`, setting])),
    ...Object.fromEntries(
      rules.map(([name, { hyper, reference }]) => [
        `rule-${name}`,
        {
          type: 'object',
          description: reference,
          properties: { ...common, rule: { const: name }, ...mapValues(hyper, hyperSchema) },
          additionalProperties: false,
        },
      ]),
    ),
  };
  return { title: 'adam-repro experiment', ...schema, definitions };
}

function jsonSchemaOf(schema: z.ZodType): ObjectSchema {
  return withShorthands(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })) as ObjectSchema;
}

/** Replaces what a spec's schema says of entries by the definitions of the rules. */
function linkEntries(schema: ObjectSchema): ObjectSchema {
  const { optimizers, profiles, variants } = schema.properties;
  optimizers!.minProperties = 1;
  // An entry is checked by its `rule`, and where it has none, by its own name.
  optimizers!.properties = Object.fromEntries(
    Object.keys(shippedRules).map((name) => [
      name,
      {
        type: 'object',
        ...conditional({ required: ['rule'] }, 'entry-with-rule'),
        else: ref(`rule-${name}`),
      },
    ]),
  );
  optimizers!.additionalProperties = ref('entry-with-rule');
  // Which rule a patch's entry belongs to stands elsewhere in the file: its hyper-parameters are not checked here.
  const variant = variants!.additionalProperties as ObjectSchema;
  const ofProfiles = [profiles!, variant.properties.profiles!].flatMap(({ properties }) =>
    Object.values(properties as Properties),
  );
  for (const patch of [...ofProfiles, variant] as ObjectSchema[]) {
    patch.properties.optimizers!.additionalProperties = ref('rule-from-file');
  }
  return schema;
}

/** What both kinds of spec say alike, and by whether there is a `problem` what only one says. */
function eitherKind(network: ObjectSchema, problem: ObjectSchema): JsonSchema {
  const { properties, required, ...rest } = network;
  const alike = (key: string): boolean =>
    JSON.stringify(properties[key]) === JSON.stringify(problem.properties[key]);
  const keys = [...new Set([...Object.keys(properties), ...Object.keys(problem.properties)])];
  const branch = (kind: ObjectSchema): JsonSchema => ({
    required: kind.required,
    properties: Object.fromEntries(
      keys.filter((key) => !alike(key)).map((key) => [key, kind.properties[key] ?? false]),
    ),
  });
  return {
    ...rest,
    properties: Object.fromEntries(keys.map((key) => [key, alike(key) ? properties[key] : {}])),
    if: { required: ['problem'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: branch(problem),
    else: branch(network),
  };
}

function hyperSchema(descriptor: HyperDescriptor): JsonSchema {
  const description =
    descriptor.doc === undefined
      ? allowedValues(descriptor)
      : `${descriptor.doc} (${allowedValues(descriptor)})`;
  const shared = { default: descriptor.default, description };
  if (descriptor.kind === 'flag') return { type: 'boolean', ...shared };
  if (descriptor.kind === 'choice') return { enum: descriptor.choices, ...shared };
  const { min, above, max, below } = descriptor;
  const limits = { minimum: min, exclusiveMinimum: above, maximum: max, exclusiveMaximum: below };
  return {
    type: 'number',
    ...Object.fromEntries(Object.entries(limits).filter(([, v]) => v !== undefined)),
    ...shared,
  };
}

/** Where maps are told apart by `type`, the bare name is allowed too unless a key besides it is required. */
function withShorthands(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withShorthands);
  if (!isEntries(schema)) return schema;
  const inner = mapValues(schema, withShorthands) as JsonSchema;
  const types = Array.isArray(inner.oneOf) ? inner.oneOf.map(typeOf) : [];
  if (types.length === 0 || types.includes(undefined)) return inner;
  const { oneOf, ...rest } = inner;
  const short = (oneOf as { required: string[] }[]).flatMap((o, i) =>
    o.required.length === 1 ? [types[i]] : [],
  );
  return { ...rest, anyOf: [{ enum: short }, { type: 'object', oneOf }] };
}

function typeOf(option: unknown): unknown {
  const { properties } = option as { properties?: { type?: { const?: unknown } } };
  return properties?.type?.const;
}

function conditional(condition: JsonSchema, definition: string): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: condition, then: ref(definition) };
}

const ref = (definition: string): JsonSchema => ({ $ref: `#/definitions/${definition}` });

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
