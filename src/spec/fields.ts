import { z } from 'zod';

/**
 * Building blocks of the spec's schema. The error text of each is what it expects ("a whole number, at least 1");
 * check.ts adds the path, what was found and the nearest valid name.
 */

export function wholeNumber(least: number, most?: number) {
  const error =
    most === undefined ? `a whole number, at least ${least}` : `a whole number from ${least} to ${most}`;
  const schema = z.number({ error }).int({ error }).min(least, { error });
  return most === undefined ? schema : schema.max(most, { error });
}

export function positiveNumber() {
  const error = 'a number greater than 0';
  return z.number({ error }).gt(0, { error });
}

export function nonNegativeNumber() {
  const error = 'a number, at least 0';
  return z.number({ error }).min(0, { error });
}

export function atLeastOne() {
  const error = 'a number, at least 1';
  return z.number({ error }).min(1, { error });
}

/** A probability of dropping: 1 would drop everything. */
export function dropoutRate() {
  const error = 'a number from 0 up to, but not including, 1';
  return z.number({ error }).min(0, { error }).lt(1, { error }).default(0);
}

export function text() {
  const error = 'a text';
  return z.string({ error }).min(1, { error });
}

/** Path of a user's file, relative to the spec's folder; the leading dot sets it apart from a shipped name. */
export function filePath() {
  const error = 'the path of a .ts, .js or .mjs file that starts with ./, ../ or /';
  return z.string({ error }).regex(isFilePath, { error });
}

export const isFilePath = /^(\.{1,2}[\\/]|[\\/]|[A-Za-z]:[\\/]).*\.(ts|js|mjs)$/;

export function oneOf<const T extends readonly [string, ...string[]]>(names: T) {
  return z.enum(names, { error: `one of ${names.join(', ')}` });
}

/** Name of an experiment or of an optimizer of an experiment: also a folder name, and a part of `--set` paths. */
export const nameExpectation = 'a name of letters, digits, - and _ that starts with a letter';
export function name() {
  return z.string({ error: nameExpectation }).regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: nameExpectation });
}

/** A map without any other keys. */
export function map<T extends z.ZodRawShape>(shape: T) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : `a map with the keys ${keys}`),
  });
}

export function list<T extends z.ZodType>(item: T, expectation: string) {
  return z.array(item, { error: expectation }).min(1, { error: expectation });
}

type Tagged = z.core.$ZodTypeDiscriminable;

/** One of several maps told apart by `type`; `zeros` is short for `{ type: zeros }`. */
export function tagged<const T extends readonly [Tagged, ...Tagged[]]>(names: readonly string[], options: T) {
  const error = `one of ${names.join(', ')}`;
  return z.preprocess(
    (value) => (typeof value === 'string' ? { type: value } : value),
    z.discriminatedUnion('type', options, { error }),
  );
}
