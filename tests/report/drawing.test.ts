import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { packedRows, withPackedData } from '../../src/report/datasets.ts';
import type { Unit } from '../../src/report/walk-spec.ts';

/** What the page's own script makes of a packed spec, without a browser. */
const context = createContext({});
runInContext(readFileSync('assets/report/drawing.js', 'utf8'), context);
interface Drawing {
  unpacked(content: object): { spec: { datasets: object } };
  panelPlan(spec: object, room: number, keepsShape: boolean): { spec(): object };
}
const { unpacked, panelPlan } = (context as { drawing: Drawing }).drawing;

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

describe('panels that share the labels of the y axis', () => {
  const panel = (y: object) => ({ width: 100, height: 80, layer: [{ mark: 'line', encoding: { y } }] });
  const spec = {
    vconcat: [
      {
        columns: 2,
        concat: [
          panel({ field: 'y', title: 'loss', axis: { values: [1, 2], labels: true } }),
          panel({ field: 'y', title: null, axis: { values: [1, 2], labels: false } }),
        ],
      },
    ],
  };
  const axes = (room: number): unknown[] => {
    const drawn = JSON.parse(JSON.stringify(panelPlan(spec, room, false).spec()));
    const [{ columns, concat }] = drawn.vconcat;
    const ys = concat.map(({ layer: [{ encoding }] }: typeof concat) => encoding.y);
    return [
      columns,
      ...ys.map((y: { title: string; axis: { labels: boolean } }) => [y.title, y.axis.labels]),
    ];
  };

  it('have them all where they stand one below the other', () => {
    expect(axes(360)).toEqual([1, ['loss', true], ['loss', true]]);
  });

  it('leave them to the first where they stand side by side', () => {
    expect(axes(900)).toEqual([2, ['loss', true], [null, false]]);
  });
});
