import { expect, it } from 'vitest';
import { type OpName, ops } from '../../../src/graph/ops/index.ts';
import { cases } from './cases.ts';

const names = Object.keys(ops) as OpName[];
const without = (covered: (op: OpName) => boolean) => names.filter((op) => !covered(op));

it('has a case for every op, and known values for every op that computes', () => {
  expect(without((op) => cases.some((c) => c.op === op))).toEqual([]);
  const leavesAndRandom = [
    'variable',
    'feed',
    'randomUniform',
    'randomNormal',
    'dropoutMask',
    'sparseDropout',
  ];
  expect(without((op) => cases.some((c) => c.op === op && c.expected))).toEqual(leavesAndRandom);
});

it('has a gradient check for every differentiable op', () => {
  const differentiable = (op: OpName) => ops[op].gradient !== 'none';
  expect(without((op) => !differentiable(op) || cases.some((c) => c.op === op && c.gradient))).toEqual([]);
});

it('gives the cases of one op different names', () => {
  const labels = cases.map((c) => `${c.op}: ${c.name}`);
  expect(labels.filter((label, i) => labels.indexOf(label) !== i)).toEqual([]);
});
