import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { packedRows, withPackedData } from '../../src/report/datasets.ts';
import type { Unit } from '../../src/report/walk-spec.ts';

/** What the page's own script makes of a packed spec, without a browser. */
const context = createContext({});
runInContext(readFileSync('assets/report/drawing.js', 'utf8'), context);
const { unpacked } = (context as { drawing: { unpacked(content: object): { spec: { datasets: object } } } })
  .drawing;

const rows = [
  { curve: 'Adam', x: 0, y: 0.5 },
  { curve: 'SGD', x: 0, y: 0.25, low: 0.125 },
];
const unit = (data: Unit['data']): Unit => ({ mark: 'line', data: data!, encoding: {} });

describe('packed rows', () => {
  it('are columns, with the texts of a column once', () => {
    expect(packedRows(rows)).toEqual({
      fields: ['curve', 'x', 'y', 'low'],
      columns: [
        [0, 1],
        [0, 0],
        [0.5, 0.25],
        [null, 0.125],
      ],
      levels: { curve: ['Adam', 'SGD'] },
    });
  });

  it('are rows again in the browser', () => {
    const spec = withPackedData({
      concat: [unit({ values: rows }), unit({ parts: [rows, [{ curve: 'x', x: 1 }]] })],
    });
    const [first, second] = spec.concat as { data: { name: string } }[];
    const { datasets } = JSON.parse(JSON.stringify(unpacked({ spec }).spec));
    expect(datasets[first!.data.name]).toEqual(rows);
    expect(datasets[second!.data.name]).toEqual([...rows, { curve: 'x', x: 1 }]);
  });

  it('are in the spec once, however many layers show them', () => {
    const spec = withPackedData({
      layer: [unit({ values: rows }), unit({ values: [...rows] }), unit({ parts: [rows] })],
    });
    expect(Object.keys(spec.datasets as object)).toHaveLength(1);
  });

  it('may be none', () => {
    const spec = withPackedData(unit({ values: [] }));
    expect(JSON.stringify(unpacked({ spec }).spec.datasets)).toBe('{"rows0":[]}');
  });
});
