import { describe, expect, it, vi } from 'vitest';
import { drawFigure, figureOf, type VegaLiteSpec } from '../../src/figures/index.ts';
import { linesOf } from '../../src/figures/lines.ts';
import { sampleRun } from '../results/sample-run.ts';
import { sampleExperiment, sampleTables } from './sample-figure.ts';

const names = ['adagrad', 'adam', 'adam-dropout'];
const experiment = sampleExperiment({
  paper: { key: 'adam', figure: '3' },
  optimizers: names.map((name) => ({ name, label: name, paperCurve: undefined })) as never,
  runs: names.map((optimizer) =>
    sampleRun({
      ...{ optimizer, epochs: 46 },
      optimizerSettings: { ...sampleRun().optimizerSettings, rule: optimizer.split('-')[0]! },
    }),
  ),
});
const tables = (optimizers: readonly string[]) => {
  const found = sampleTables(optimizers.map((optimizer) => ({ optimizer, seed: 0, costs: [0.9, 0.8] })));
  for (const run of found.runs) {
    const rate = run.optimizer.endsWith('dropout') ? 0.5 : 0;
    Object.assign(run, { model: { type: 'cnn', dropout: { dense: rate, input: 0 } } });
  }
  return found;
};

type Layer = {
  readonly data: { readonly values: readonly { readonly curve: string }[] };
  readonly encoding: { readonly strokeDash?: { readonly datum: string } };
};
function dashesOf(spec: VegaLiteSpec): Record<string, string> {
  const [{ concat }] = spec.vconcat as [{ concat: readonly { readonly layer: readonly Layer[] }[] }];
  const layers = concat[0]!.layer.filter(({ encoding }) => encoding.strokeDash !== undefined);
  return Object.fromEntries(
    layers.flatMap(({ data, encoding }) =>
      data.values.map(({ curve }) => [curve, encoding.strokeDash!.datum] as const),
    ),
  );
}

describe('an optimizer with and without dropout in one figure', () => {
  it('has one colour and two markers', () => {
    const [, without, withDropout] = linesOf(experiment, tables(names), []);
    expect(withDropout!.style.color).toBe(without!.style.color);
    expect(withDropout!.style.shape).not.toBe(without!.style.shape);
  });

  it('has another dash with dropout, and so has the paper', () => {
    const spec = figureOf(experiment, tables(names))!.spec({
      ...{ panelWidth: 300, paperStyle: false, lineLength: 90 },
    });
    expect(dashesOf(spec)).toMatchObject({ adam: 'ours', 'adam-dropout': 'ours, with dropout' });
  });

  it('is no pair where all curves have dropout', () => {
    const lines = linesOf(experiment, tables(['adam-dropout']), []);
    expect(lines.map(({ isDropoutTwin }) => isDropoutTwin)).toEqual([false]);
  });

  it('is drawn without a word of warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await drawFigure(figureOf(experiment, tables(names))!);
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
  });
});
