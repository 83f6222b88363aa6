import { describe, expect, it } from 'vitest';
import { drawFigure, figureOf } from '../../src/figures/index.ts';
import { count, panelsIn, type SampleCell, sweepExperiment, sweepTables, wide } from './sample-sweep.ts';

const error = { split: 'test', metric: 'error' };
const restarting = { type: 'cosine-restarts', firstPeriod: 2, periodFactor: 2 };

const run = (optimizer: string, schedule: object, errors: readonly number[]): SampleCell => ({
  ...{ optimizer, hyper: { schedule }, epochs: errors.length - 1 },
  values: Object.fromEntries(errors.map((value, epoch) => [epoch, value])),
});
const cells = [
  run('adamw', { type: 'cosine', epochs: 7 }, [0.9, 0.6, 0.5, 0.45, 0.4, 0.36, 0.3, 0.28]),
  run('adamwr', restarting, [0.9, 0.5, 0.4, 0.45, 0.4, 0.35, 0.3, 0.33]),
];
const figure = (runs = cells) => figureOf(sweepExperiment(null, runs), sweepTables(runs, error))!;

/** Epochs of the dotted lines of each panel. */
const rules = (drawn: ReturnType<typeof figure>) =>
  panelsIn(drawn.spec(wide)).map(({ layer }) =>
    layer.filter(({ mark }) => mark.type === 'rule').flatMap(({ data }) => data.values.map(({ x }) => x)),
  );

describe('curves with warm restarts', () => {
  it('are marked where periods end, within the epochs that were run', () => {
    expect(new Set(rules(figure()).flat())).toEqual(new Set([2, 6]));
    expect(figure().caption.join(' ')).toContain('ends, after 2, 6 epochs.');
  });

  it('have an axis for the errors from the end of the first period on', () => {
    const { layer } = panelsIn(figure().spec(wide)).at(-1)!;
    const { domain } = layer.at(-1)!.encoding.y!.scale as { domain: readonly [number, number] };
    expect(domain[0]).toBeCloseTo(0.28 - 0.06 * 0.22, 12);
    expect(domain[1]).toBeCloseTo(0.5 + 0.06 * 0.22, 12);
  });

  it('are drawn with a dotted line for each end', async () => {
    const { svg } = await drawFigure(figure());
    expect(count(svg, 'stroke-dasharray="1.5,2.5"')).toBe(rules(figure()).flat().length);
  });

  it('are plain curves where nothing restarts', () => {
    const plain = figure(cells.slice(0, 1));
    expect(rules(plain).flat()).toEqual([]);
    expect(plain.caption.join(' ')).not.toContain('Dotted');
  });
});

describe('runs that did not begin', () => {
  it('add no line beside those of the same optimizer that did', () => {
    const tables = sweepTables([cells[0]!, cells[0]!], error);
    Object.assign(tables.runs[1]!, { engine: undefined, seed: 1, status: 'pending' });
    const rows = tables.rows.filter(({ run: { seed } }) => seed === 0);
    const drawn = figureOf(sweepExperiment(null, cells.slice(0, 1)), { ...tables, rows })!;
    expect(new Set(drawn.data.map(({ curve }) => curve))).toEqual(new Set(['The adamw']));
    const domain = panelsIn(drawn.spec(wide))[0]!.layer.at(-1)!.encoding.color!.scale;
    expect(domain).toMatchObject({ domain: ['The adamw'] });
  });
});
