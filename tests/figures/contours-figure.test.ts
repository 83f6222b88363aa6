import { describe, expect, it } from 'vitest';
import { drawFigure, figureOf, stylesOf, type VegaLiteSpec } from '../../src/figures/index.ts';
import {
  bealeSettings,
  landscapeExperiment,
  landscapeTables,
  ravineSettings,
  saddleSettings,
} from './sample-landscape.ts';

const ways = {
  sgd: [
    [1, 1.6],
    [1.5, 1],
    [2, 0.5],
  ],
  adam: [
    [1, 1.6],
    [2, 1],
    [3, 0.5],
  ],
} as const;
const figure = (problem = bealeSettings, paths: Parameters<typeof landscapeTables>[1] = ways, changes = {}) =>
  figureOf(landscapeExperiment(Object.keys(paths)), landscapeTables(problem, paths, changes))!;
const layout = { panelWidth: 400, paperStyle: false, lineLength: 90 };

type Layer = {
  readonly data: { readonly values: readonly Readonly<Record<string, unknown>>[] };
  readonly mark: Readonly<Record<string, unknown>>;
  readonly encoding: Readonly<Record<string, { scale?: { domain: unknown; range: unknown } }>>;
};
type Panel = { readonly title?: { readonly text: string }; readonly layer: readonly Layer[] };
const panelsOf = (spec: VegaLiteSpec): readonly Panel[] =>
  (spec.vconcat as readonly { readonly concat: readonly Panel[] }[])[0]!.concat;
const pathsIn = ({ layer }: Panel): Layer => layer.find(({ encoding }) => encoding.tooltip !== undefined)!;
const endsIn = ({ layer }: Panel): Layer => layer.find(({ encoding }) => encoding.shape !== undefined)!;

describe('the figure of paths over a landscape', () => {
  it('has every measured step with position and value', () => {
    const { kind, data } = figure();
    expect(kind).toBe('contours');
    expect(data.slice(0, 3)).toEqual([
      { curve: 'SGD', step: 0, x: 1, y: 1.6, value: 100 },
      { curve: 'SGD', step: 1, x: 1.5, y: 1, value: 99 },
      { curve: 'SGD', step: 2, x: 2, y: 0.5, value: 98 },
    ]);
    expect(data).toHaveLength(6);
  });

  it('has isolines, paths in the palette with tooltips, their ends, start and minimum', () => {
    const [panel] = panelsOf(figure().spec(layout)) as [Panel];
    expect(panel.layer.map(({ mark }) => mark.type)).toEqual([
      ...['line', 'text', 'text', 'text', 'text', 'line', 'point', 'point', 'point', 'point'],
    ]);
    const { color, tooltip } = pathsIn(panel).encoding;
    expect(color!.scale).toEqual({
      domain: ['SGD', 'ADAM'],
      range: stylesOf([{ rule: 'sgd' }, { rule: 'adam' }]).map((style) => style.color),
    });
    expect((tooltip as unknown as { field: string }[]).map(({ field }) => field)).toEqual([
      ...['curve', 'step', 'x', 'y', 'value'],
    ]);
    expect(endsIn(panel).data.values).toMatchObject([
      { curve: 'SGD', step: 2, x: 2, y: 0.5 },
      { curve: 'ADAM', step: 2, x: 3, y: 0.5 },
    ]);
    const places = panel.layer
      .filter(({ mark }) => mark.stroke === 'black')
      .map(({ data }) => data.values[0]);
    expect(places).toEqual([
      { x: 1, y: 1.6 },
      { x: 3, y: 0.5 },
    ]);
  });

  it('says the levels of the isolines and what the marks mean', () => {
    expect(figure().caption.at(-1)).toBe(
      'Isolines at 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, fainter where higher. Ring: start; star: minimum; markers: the last steps.',
    );
  });

  it('ends a path where it leaves the window, and says so', () => {
    const paths = {
      sgd: [
        [1, 0.001],
        [0.5, 0.9],
        [0.4, 1e80],
        [0.3, 0.5],
      ],
    } as const;
    const drawn = figure(saddleSettings, paths);
    expect(drawn.caption.at(-1)).toBe('Cut where they leave the window: SGD (step 2).');
    expect(drawn.data).toHaveLength(4);
    const [panel] = panelsOf(drawn.spec(layout)) as [Panel];
    const { values } = pathsIn(panel).data;
    expect(values.map(({ step }) => step)).toEqual([0, 1, 2]);
    // As far outside as is needed, and no farther.
    expect(values[2]!.y).toBeGreaterThan(1);
    expect(values[2]!.y).toBeLessThan(10);
    expect(endsIn(panel).data.values).toMatchObject([{ step: 1, x: 0.5, y: 0.9 }]);
  });

  it('marks where a run diverged', () => {
    const end = [Number.NaN, Number.NaN] as const;
    const drawn = figure(bealeSettings, { sgd: [...ways.sgd.slice(0, 2), end] }, { status: 'diverged' });
    const [panel] = panelsOf(drawn.spec(layout)) as [Panel];
    expect(panel.layer.at(-1)!.data.values).toMatchObject([{ curve: 'SGD', step: 1, x: 1.5, y: 1 }]);
    expect(drawn.caption.join(' ')).toMatch(/Diverged.*SGD/);
  });

  it('has a panel for each family in the ravine, where paths swing over each other', () => {
    const way = [
      [10, 1],
      [5, 0],
    ] as const;
    const drawn = figure(ravineSettings, { sgd: way, nesterov: way, mine: way });
    const panels = panelsOf(drawn.spec(layout));
    expect(panels.map(({ title }) => title?.text)).toEqual(['SGD and momentum', 'Adam and other rules']);
    expect(panels.map((panel) => endsIn(panel).data.values.map(({ curve }) => curve))).toEqual([
      ['SGD', 'NESTEROV'],
      ['MINE'],
    ]);
  });

  it('is a figure of curves where the runs are on different functions', () => {
    const [one, other] = [bealeSettings, { ...bealeSettings, start: [3, 4] }].map((settings) =>
      landscapeTables(settings as typeof bealeSettings, { sgd: ways.sgd }),
    );
    const runs = [one!.runs[0]!, { ...other!.runs[0]!, id: 'other' }];
    expect(figureOf(landscapeExperiment(['sgd']), { ...one!, runs })!.kind).toBe('curves');
  });

  it('makes room for a start outside of the usual window', () => {
    const far = { type: 'beale', start: [7, 1] } as const;
    const [panel] = panelsOf(
      figure(far, {
        sgd: [
          [7, 1],
          [6, 1],
        ],
      }).spec(layout),
    ) as [Panel];
    const [, right] = pathsIn(panel).encoding.x!.scale!.domain as [number, number];
    expect(right).toBeGreaterThan(7);
    expect(pathsIn(panel).data.values).toHaveLength(2);
  });
});

describe('its drawing', () => {
  it('has isolines, a path for each optimizer in its colour, axes and legend', async () => {
    const { svg } = await drawFigure(figure());
    const strokes = [...svg.matchAll(/<path [^>]*d="M[^ZA"]*L[^"]*" stroke="(#[0-9a-f]{6})"/g)];
    const count = (color: string): number => strokes.filter(([, stroke]) => stroke === color).length;
    for (const { color } of stylesOf([{ rule: 'sgd' }, { rule: 'adam' }])) expect(count(color)).toBe(1);
    expect(count('#808080')).toBeGreaterThan(10);
    for (const text of ['SGD', 'ADAM', 'start', 'minimum', 'Paths (Ruder 2017, figure 4a)']) {
      expect(svg).toContain(`>${text}</text>`);
    }
    expect(Number(/width="([\d.]+)"/.exec(svg)![1])).toBe(760);
  });

  it('is as wide as a column in the style of a paper', async () => {
    const { svg } = await drawFigure(figure(), { paperStyle: true });
    expect(Number(/width="([\d.]+)"/.exec(svg)![1])).toBe(312);
    expect(svg).not.toContain('Isolines');
  });
});

describe('its animation', () => {
  it('goes from the start to the last step that is seen', () => {
    const { steps, frame } = figure().animation!;
    expect(steps).toEqual([0, 1, 2]);
    const [panel] = panelsOf(frame(1)(layout)) as [Panel];
    expect(pathsIn(panel).data.values.map(({ step }) => step)).toEqual([0, 1, 0, 1]);
    expect(panel.layer.at(-1)!.mark.text).toBe('step 1');
  });

  it('has no more than 60 pictures of many steps', () => {
    const long = Array.from({ length: 3000 }, (_, i) => [1 + i / 3000, 1] as const);
    const { steps } = figure(bealeSettings, { sgd: long }).animation!;
    expect(steps.length).toBeGreaterThan(40);
    expect(steps.length).toBeLessThanOrEqual(60);
    expect(steps.at(-1)).toBe(2999);
  });
});
