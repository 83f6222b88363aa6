import { figure4Points } from '../paper/index.ts';
import { type ResultTables, runsOf, seriesOf } from '../results/read-tables.ts';
import { settingsOf } from '../results/run-info.ts';
import { atLeast, atMost, type Check, overall } from './checks.ts';
import { asDrawn, type Claim, NotEnough } from './claim.ts';
import { decades, goodDecades, nearBest } from './learning-rates.ts';
import { number } from './number.ts';

/** Figure 4 of the Adam paper, judged after 10 and after 100 epochs. */

/** The losses of one combination of beta1 and beta2 by log10(alpha), infinite where a run diverged. */
interface Panel {
  readonly name: string;
  readonly beta2: number;
  readonly corrected: ReadonlyMap<number, number>;
  readonly uncorrected: ReadonlyMap<number, number>;
}

const combinations = [0, 0.9].flatMap((beta1) => [0.99, 0.999, 0.9999].map((beta2) => ({ beta1, beta2 })));

const needs = asDrawn('vae-bias-correction');
const section = 'Adam, section 6.4, figure 4';

/** Above it the figure ends: a learning rate with such a loss counts as unstable. */
const stableBelow = 145;
/** So far apart the losses of two equally good settings may be, in nats. */
const nats = 0.6;

/** Unrounded logarithms of the figure's rates, half a decade apart, become the grid's: 3e-4 and -3.523 are one. */
const rateKey = (log10: number): number => Math.round(log10 * 100) / 100;

function paperPanels(epochs: number): Panel[] {
  return combinations.map(({ beta1, beta2 }) => {
    const points = figure4Points().filter(
      (p) => p.epochs === epochs && p.beta1 === beta1 && p.beta2 === beta2 && !p.atEdge,
    );
    const side = (wanted: boolean) =>
      new Map(
        points
          .filter(({ biasCorrection }) => biasCorrection === wanted)
          .map(({ log10Alpha, loss }) => [rateKey(log10Alpha), loss]),
      );
    return { name: panelName(beta1, beta2), beta2, corrected: side(true), uncorrected: side(false) };
  });
}

/** Those whose learning rates suffice on both sides, and which these are where some of the figure are missing. */
interface OurPanels {
  readonly panels: readonly Panel[];
  readonly resultsOf?: string;
}

/** @throws NotEnough where there is no panel. */
function ourPanels(tables: ResultTables, epochs: number): OurPanels {
  const panels: Panel[] = [];
  const gaps: string[] = [];
  for (const { beta1, beta2 } of combinations) {
    const name = panelName(beta1, beta2);
    const [corrected, uncorrected] = ['adam', 'uncorrected'].map((optimizer) => {
      const losses = lossesByRate(tables, optimizer, { beta1, beta2, epochs });
      if (losses.size < fewestRates) gaps.push(gapOf(losses, `${optimizer}, ${name},`, epochs));
      return losses;
    });
    if (Math.min(corrected!.size, uncorrected!.size) < fewestRates) continue;
    panels.push({ name, beta2, corrected: corrected!, uncorrected: uncorrected! });
  }
  if (panels.length === 0) throw new NotEnough(gaps[0]);
  if (gaps.length === 0) return { panels };
  const names = panels.map(({ name }) => name).join('; ');
  return {
    panels,
    resultsOf: `${panels.length} of ${combinations.length} combinations after ${epochs} epochs (${names})`,
  };
}

/** The visible part of the figure has six rates; with fewer, the largest stable one means nothing. */
const fewestRates = 6;

/** By log10 of the learning rate, infinite where a run diverged; without those that did not get so far. */
function lossesByRate(
  tables: ResultTables,
  optimizer: string,
  { beta1, beta2, epochs }: { beta1: number; beta2: number; epochs: number },
): Map<number, number> {
  const losses = new Map<number, number>();
  for (const run of runsOf(tables, optimizer)) {
    const settings = settingsOf(run);
    if (settings.get('beta1') !== beta1 || settings.get('beta2') !== beta2) continue;
    const points = seriesOf(tables, run, { split: 'train', metric: 'minibatch-cost' });
    const value = points.find(({ epoch }) => epoch === epochs)?.value;
    if (value === undefined && run.status !== 'diverged') continue;
    const loss = value !== undefined && Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
    losses.set(rateKey(Math.log10(Number(settings.get('lr')))), loss);
  }
  return losses;
}

function gapOf(losses: ReadonlyMap<number, number>, of: string, epochs: number): string {
  const diverged = [...losses.values()].filter((loss) => loss === Number.POSITIVE_INFINITY).length;
  return `${losses.size - diverged} learning rates of ${of} reached ${epochs} epochs and ${diverged} diverged, of at least ${fewestRates}`;
}

const panelName = (beta1: number, beta2: number): string => `beta1 ${beta1}, beta2 ${beta2}`;

const largestStable = (losses: ReadonlyMap<number, number>): number =>
  Math.max(...[...losses].filter(([, loss]) => loss < stableBelow).map(([rate]) => rate));

const best = (losses: ReadonlyMap<number, number>): number => Math.min(...losses.values());

const rateText = (log10: number): string => (Number.isFinite(log10) ? number(10 ** log10, 1) : 'none');

function stability(panels: readonly Panel[]): Check[] {
  return panels.map(({ name, beta2, corrected, uncorrected }) => {
    const [with_, without] = [largestStable(corrected), largestStable(uncorrected)];
    const strict = beta2 === 0.9999;
    const holds = strict ? with_ > without : with_ >= without;
    return {
      outcome: holds ? 'holds' : 'fails',
      text: `${name}: largest stable alpha ${rateText(with_)} with, ${rateText(without)} without correction; ${strict ? 'larger' : 'not smaller'}: ${holds ? 'holds' : 'fails'}`,
    };
  });
}

const stableText = (panels: readonly Panel[]): string =>
  panels
    .map((p) => `${rateText(largestStable(p.corrected))}/${rateText(largestStable(p.uncorrected))}`)
    .join(', ');

/** Cells where both sides have a loss inside the drawn range, or one of them has and the other diverged. */
function cells(panels: readonly Panel[]): Check[] {
  return panels.flatMap(({ name, corrected, uncorrected }) =>
    [...corrected].flatMap(([rate, loss]) => {
      const other = uncorrected.get(rate);
      if (other === undefined || other >= stableBelow) return [];
      return [atMost(`${name}, alpha ${rateText(rate)}: with - without correction`, loss - other, nats)];
    }),
  );
}

const worseCells = (checks: readonly Check[]): string =>
  `${checks.filter(({ outcome }) => outcome === 'fails').length} of ${checks.length} settings are better without`;

const bestChecks = (panels: readonly Panel[]): Check[] =>
  panels.map((p) =>
    atMost(`${p.name}: best with - best without correction`, best(p.corrected) - best(p.uncorrected), nats),
  );

const bestText = (panels: readonly Panel[]): string => {
  const of = (side: 'corrected' | 'uncorrected') => number(Math.min(...panels.map((p) => best(p[side]))), 4);
  return `best of all: ${of('corrected')} with, ${of('uncorrected')} without`;
};

const widths = (panels: readonly Panel[]) => panels.map(({ corrected }) => goodDecades(corrected));

const defaultPanel = panelName(0.9, 0.999);

function after(epochs: 10 | 100): Claim[] {
  const words = `after ${epochs} epochs`;
  const paper = (): Panel[] => paperPanels(epochs);
  const holds = (checks: readonly Check[]): boolean => overall(checks) === 'holds';
  const defaults = (panels: readonly Panel[]): Panel => {
    const found = panels.find(({ name }) => name === defaultPanel);
    if (found === undefined) throw new NotEnough(`no learning rates with ${defaultPanel} ${words}`);
    return found;
  };
  return [
    {
      id: `A13-${epochs}`,
      statement: `Without bias correction and beta2 near 1, training is unstable at smaller learning rates (${words}).`,
      source: section,
      needs,
      thresholds: { stableBelow },
      paper: () => ({
        value: `largest stable alpha with/without: ${stableText(paper())}`,
        holds: holds(stability(paper())),
      }),
      judge(tables) {
        const { panels, resultsOf } = ourPanels(tables, epochs);
        return {
          ours: `largest stable alpha with/without: ${stableText(panels)}`,
          checks: stability(panels),
          resultsOf,
        };
      },
    },
    {
      id: `A14-${epochs}`,
      statement: `With bias correction Adam is equal or better regardless of the setting (${words}).`,
      source: section,
      needs,
      thresholds: { nats, stableBelow },
      paper: () => ({ value: worseCells(cells(paper())), holds: holds(cells(paper())) }),
      judge(tables) {
        const { panels, resultsOf } = ourPanels(tables, epochs);
        const checks = cells(panels);
        return { ours: worseCells(checks), checks, resultsOf };
      },
    },
    {
      id: `A14-best-${epochs}`,
      statement: `With the best learning rate of each, Adam is equal or better with bias correction (${words}).`,
      source: section,
      needs,
      thresholds: { nats },
      paper: () => ({ value: bestText(paper()), holds: holds(bestChecks(paper())) }),
      judge(tables) {
        const { panels, resultsOf } = ourPanels(tables, epochs);
        return { ours: bestText(panels), checks: bestChecks(panels), resultsOf };
      },
    },
    {
      id: `A17-${epochs}`,
      statement: `Adam needs little tuning: a wide range of learning rates is near the best one (${words}).`,
      source: 'Adam, abstract and section 1; measured on figure 4',
      needs,
      thresholds: { nearBest, decades },
      paper: () => {
        const width = goodDecades(defaults(paper()).corrected);
        return { value: `${number(width)} decades within 10 % of the best`, holds: width >= decades };
      },
      judge(tables) {
        const { panels } = ourPanels(tables, epochs);
        const width = goodDecades(defaults(panels).corrected);
        return {
          ours: `${number(width)} decades (all panels: ${widths(panels)
            .map((w) => number(w))
            .join(', ')})`,
          checks: [atLeast('decades of alpha within 10 % of the best, default betas', width, decades)],
        };
      },
    },
  ];
}

const [at10, at100] = [after(10), after(100)];

/** By claim, and of each the shorter training first. */
export const biasCorrectionClaims: readonly Claim[] = at10.flatMap((claim, i) => [claim, at100[i]!]);
