import type { ResultTables } from '../results/read-tables.ts';
import { captionOf } from './caption.ts';
import { isolinesOf } from './contours-isolines.ts';
import type { Landscape } from './contours-landscape.ts';
import { leavesAt, type Path, pathsOf } from './contours-paths.ts';
import { type ContoursDrawing, type ContoursPanel, contoursSpec } from './contours-spec.ts';
import { titleOf } from './curves-figure.ts';
import type { Animation, Figure } from './figure.ts';
import { type FigureExperiment, type Line, linesOf } from './lines.ts';

/** Paths of optimizers over the isolines of a landscape. */
export function contoursFigure(
  experiment: FigureExperiment,
  tables: ResultTables,
  landscape: Landscape,
): Figure {
  const lines = linesOf(experiment, tables, []);
  const paths = pathsOf(lines, tables);
  const title = titleOf(experiment);
  const caption = [
    ...captionOf({ experiment, tables, band: false, outside: [] }),
    ...landscapeSentences(landscape, paths),
  ];
  const drawing: ContoursDrawing = {
    ...{ title, text: caption, landscape, isolines: isolinesOf(landscape), curves: lines },
    panels: panelsOf(experiment, lines, paths, landscape),
  };
  return {
    ...{ kind: 'contours', name: `${experiment.name}-${experiment.profile}`, title, caption, footnote: [] },
    spec: contoursSpec(drawing),
    data: paths.flatMap(({ curve, points }) => points.map((point) => ({ curve, ...point }))),
    animation: animationOf(drawing, paths),
    distance: [],
  };
}

/** Families of rules; those of users stand with the last one. */
const families: readonly { readonly title: string; readonly rules: readonly string[] }[] = [
  { title: 'SGD and momentum', rules: ['sgd', 'momentum', 'nesterov'] },
  { title: 'Adagrad, Adadelta, RMSprop', rules: ['adagrad', 'adadelta', 'rmsprop'] },
  { title: 'Adam and other rules', rules: [] },
];

function panelsOf(
  { runs }: FigureExperiment,
  lines: readonly Line[],
  paths: readonly Path[],
  { byFamily }: Landscape,
): ContoursPanel[] {
  const rules = new Map(runs.map((run) => [run.optimizer, run.optimizerSettings.rule]));
  const familyOf = ({ group }: Line): number => {
    const rule = rules.get(group.optimizer) ?? group.optimizer;
    const nth = families.findIndex((family) => family.rules.includes(rule));
    return nth === -1 ? families.length - 1 : nth;
  };
  const panel = (title: string, here: readonly Line[]): ContoursPanel => {
    const shown = paths.filter(({ curve }) => here.some(({ label }) => label === curve));
    const diverged = here
      .filter(({ group }) => group.runs[0]!.status === 'diverged')
      .flatMap(({ label }) => {
        const last = shown.find(({ curve }) => curve === label)?.points.at(-1);
        return last === undefined ? [] : [{ curve: label, ...last }];
      });
    return { title, paths: shown, diverged };
  };
  if (!byFamily) return [panel('', lines)];
  return families
    .map(({ title }, nth) =>
      panel(
        title,
        lines.filter((line) => familyOf(line) === nth),
      ),
    )
    .filter(({ paths: shown }) => shown.length > 0);
}

function landscapeSentences({ window, levels, goal }: Landscape, paths: readonly Path[]): string[] {
  const left = paths.flatMap((path) => {
    const step = leavesAt(path, window)?.step;
    return step === undefined ? [] : [`${path.curve} (step ${step})`];
  });
  const numbers = levels.map((level) => Number(level.toPrecision(6))).join(', ');
  return [
    `Isolines at ${numbers}, fainter where higher. Ring: start; star: ${goal.name}; markers: the last steps.`,
    ...(left.length === 0 ? [] : [`Cut where they leave the window: ${left.join(', ')}.`]),
  ];
}

/** At most so many pictures. */
const pictures = 60;

/** Steps in a geometric sequence: paths go far in the first steps, and later ones are slow. */
function animationOf(drawing: ContoursDrawing, paths: readonly Path[]): Animation {
  const { window } = drawing.landscape;
  // What happens outside of the window is not seen.
  const last = Math.max(
    1,
    ...paths.map((path) => leavesAt(path, window)?.step ?? path.points.at(-1)?.step ?? 0),
  );
  const steps = Array.from({ length: pictures }, (_, i) =>
    Math.round((last + 1) ** (i / (pictures - 1)) - 1),
  );
  return {
    steps: [...new Set(steps)],
    frame: (step) => contoursSpec({ ...drawing, step }),
  };
}
