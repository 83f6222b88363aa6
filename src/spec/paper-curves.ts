import { nearestName } from '../optimizers/nearest-name.ts';
import { type PaperCurve, paperCurves } from '../paper/index.ts';
import type { Mistake } from './issue.ts';
import type { SpecContent } from './schema.ts';

/**
 * The paper's curve that an optimizer reproduces: the one it names, or else the one that is called as the optimizer is
 * labelled. Undefined where the paper has none.
 */
export function curveOf({ paper, optimizers }: SpecContent, name: string): PaperCurve | undefined {
  if (paper === undefined) return undefined;
  const { label, paperCurve } = optimizers[name]!;
  return paperCurves(paper).find((curve) => curve.name === (paperCurve ?? label));
}

/** A `paperCurve` that the figure does not have. */
export function paperCurveMistakes(content: SpecContent): Mistake[] {
  return Object.entries(content.optimizers).flatMap(([name, { paperCurve }]): Mistake[] => {
    if (paperCurve === undefined || curveOf(content, name) !== undefined) return [];
    const names = (content.paper === undefined ? [] : paperCurves(content.paper)).map((curve) => curve.name);
    const figure = content.paper === undefined ? 'no paper is named' : `figure ${content.paper.figure}`;
    const what =
      names.length === 0 ? `${figure}, so there are no curves` : `${figure} has ${names.join(', ')}`;
    return [
      {
        code: 'unknown-name',
        path: ['optimizers', name, 'paperCurve'],
        at: 'value',
        message: `optimizers.${name}.paperCurve: no curve "${paperCurve}": ${what}`,
        suggestion: nearestName(paperCurve, names),
      },
    ];
  });
}
