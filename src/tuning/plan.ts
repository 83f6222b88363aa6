import { UsageError } from '../errors.ts';
import { isOverGrid, type PaperCurve, pointsWithin } from '../paper/index.ts';
import { hasLeastCost } from '../problems/index.ts';
import type { Spec } from '../spec/load.ts';
import type { ResolvedExperiment } from '../spec/resolve.ts';
import { type AxisValues, recoverSchema, type TuneSection } from '../spec/search.ts';
import { experimentCriterion, tuneSection } from './experiment-criterion.ts';
import { figurePoints } from './figure-points.ts';
import { type Axis, axisOf } from './space.ts';
import { optimizerNames } from './table.ts';
import { epochsText, type RecoverPlan } from './targets.ts';
import { checkBudget, type TunePlan } from './tune.ts';

/** Search spaces from a spec's sections and the command line. */

/** One axis as `--search` gives it: `adam.lr`, or a path of the spec such as `model.dropout.input`. */
export interface TypedAxis {
  readonly path: string;
  readonly values: AxisValues;
}

export interface TuneRequest {
  readonly search: readonly TypedAxis[];
  readonly criterion?: TuneSection['criterion'];
  readonly extend: boolean;
}

type Space = Readonly<Record<string, AxisValues>>;

/** Half decades around the rate that the spec gives, for an experiment that does not say. */
const defaultSpace = (lr: number): Space => ({ lr: { log: [lr / 31.6, lr * 31.6], points: 7 } });

export interface TuneSetting {
  readonly plan: TunePlan;
  /** Undefined: as long as the experiment trains. */
  readonly epochs: number | undefined;
  readonly seeds: readonly number[] | undefined;
  /** Optimizers that have no search space. */
  readonly leftOut: readonly string[];
}

/**
 * @throws UsageError for a search space that is empty, names settings of the experiment, or gives unequal numbers of
 * trials.
 */
export function planTune(spec: Spec, experiment: ResolvedExperiment, request: TuneRequest): TuneSetting {
  refuseEndless(experiment);
  const section = tuneSection(spec);
  const names = experiment.optimizers.map(({ name }) => name);
  const typed = bySearch(request.search, spec, names);
  const misplaced = Object.keys(typed.shared)[0];
  if (misplaced !== undefined) {
    throw new UsageError(
      `tune searches settings of optimizers, and "${misplaced}" is none: use the path of one, such as ${names[0]}.lr.`,
    );
  }
  const spaces = section?.optimizers ?? defaultSpaces(experiment);
  const axes = axesOf(names, spaces, typed.optimizers);
  if (Object.keys(axes).length === 0) throw nothingToTune(experiment);
  refuseTasks(axes);
  checkBudget(axes);
  const { name, lastEpochs } = experimentCriterion(spec);
  return {
    plan: {
      criterion: { name: request.criterion ?? name, lastEpochs },
      axes,
      extend: request.extend,
    },
    epochs: section?.epochs,
    seeds: section?.seeds,
    leftOut: names.filter((name) => axes[name] === undefined),
  };
}

/** The cost of a problem counts only where less of it is better, down to a least one. */
function refuseEndless({ name, runs }: ResolvedExperiment): void {
  if (runs.every(({ model }) => model.type !== 'problem' || hasLeastCost(model.problem))) return;
  throw new UsageError(
    `${name} has no least cost, so there is nothing to tune: \`adam-repro run ${name} --set ...\` shows other settings.`,
  );
}

/** What an optimizer's entry says of its task would make the task easier, not the optimizer better. */
function refuseTasks(axes: Readonly<Record<string, readonly Axis[]>>): void {
  for (const [optimizer, own] of Object.entries(axes)) {
    const task = own.find(({ path }) => ['problem', 'steps', 'every'].includes(path.split('.')[0]!));
    if (task === undefined) continue;
    throw new UsageError(
      `tune searches settings of optimizers, and ${optimizer}.${task.path} changes what ${optimizer} is tried on: leave it out.`,
    );
  }
}

function nothingToTune({ optimizers, runs }: ResolvedExperiment): UsageError {
  const names = optimizers.map(({ name }) => name).join(', ');
  const {
    optimizer,
    optimizerSettings: { hyper },
  } = runs[0]!;
  // A rule of the user's may have no learning rate, or nothing at all; every entry has a schedule.
  const setting = 'lr' in hyper ? 'lr' : (Object.keys(hyper)[0] ?? 'schedule');
  return new UsageError(
    `none of ${names} has a search space: add it to tune.optimizers, or give --search ${optimizer}.${setting}=[...].`,
  );
}

function defaultSpaces({ runs }: ResolvedExperiment): Record<string, Space> {
  return Object.fromEntries(
    runs.flatMap(({ optimizer, optimizerSettings: { hyper } }) =>
      typeof hyper.lr === 'number' && hyper.lr > 0 ? [[optimizer, defaultSpace(hyper.lr)]] : [],
    ),
  );
}

export interface RecoverRequest {
  readonly search: readonly TypedAxis[];
  readonly rungs?: readonly number[];
  readonly keep?: number;
}

export interface RecoverSetting {
  readonly plan: RecoverPlan;
  readonly seeds: readonly number[] | undefined;
  /** Optimizers that have no search space, or no curve in the paper. */
  readonly leftOut: readonly string[];
  /** Points of a figure over a grid that have no marker in the paper, and are left out. */
  readonly pointsLeftOut: number;
}

/**
 * @throws UsageError for a problem, and where there is nothing to search, or nothing to compare with at the last rung.
 */
export function planRecover(
  spec: Spec,
  experiment: ResolvedExperiment,
  request: RecoverRequest,
): RecoverSetting {
  if (experiment.runs.some(({ model }) => model.type === 'problem')) {
    throw new UsageError(
      `${experiment.name} is a problem, of which the papers have no curve to recover settings from: change them with --set.`,
    );
  }
  const { recover: written } = spec.source.data as { recover?: unknown };
  if (written === undefined) {
    throw new UsageError(
      `${spec.name} has no section "recover": add one with the choices that the paper leaves open (docs/tuning.md).`,
    );
  }
  const section = recoverSchema.parse(written);
  const names = experiment.optimizers.map(({ name }) => name);
  const typed = bySearch(request.search, spec, names);
  const shared = toAxes({ ...section.shared, ...typed.shared });
  const own = shared.find(({ path }) => path.startsWith('optimizers.'));
  if (own !== undefined) {
    throw new UsageError(
      `${own.path} is a setting of one optimizer, and no shared one: search it as ${own.path.slice('optimizers.'.length)}.`,
    );
  }
  const searched = axesOf(names, section.optimizers, typed.optimizers);
  const rungs = rungsWithin(experiment.runs[0]!.epochs, request.rungs ?? section.rungs);
  const overGrid = experiment.paper !== null && isOverGrid(experiment.paper) ? Object.keys(searched) : [];
  const { curves, withoutMarker } =
    overGrid.length > 0
      ? figurePoints(searched, experiment, rungs.at(-1)!)
      : { curves: optimizerCurves(experiment), withoutMarker: 0 };
  const axes = Object.fromEntries(
    Object.entries(searched).filter(([name]) => overGrid.includes(name) || curves[name] !== undefined),
  );
  if (Object.keys(axes).length === 0) {
    throw new UsageError(
      `${spec.name}: none of ${names.join(', ')} has a curve in the paper to compare with.`,
    );
  }
  const late = Object.keys(axes).filter(
    (name) => curves[name] !== undefined && pointsWithin(curves[name], rungs.at(-1)!) === 0,
  );
  if (late.length > 0) throw nothingToCompare(late, curves, rungs.at(-1)!);
  return {
    plan: {
      rungs,
      keep: request.keep ?? section.keep,
      finalists: section.finalists,
      shared,
      axes,
      curves,
      ...(overGrid.length > 0 && { overGrid }),
    },
    seeds: section.seeds,
    leftOut: names.filter((name) => axes[name] === undefined),
    pointsLeftOut: withoutMarker,
  };
}

function optimizerCurves({ optimizers }: ResolvedExperiment): Record<string, PaperCurve> {
  return Object.fromEntries(
    optimizers.flatMap(({ name, paperCurve }) => (paperCurve ? [[name, paperCurve]] : [])),
  );
}

/** The paper's point x is the cost of epoch x + 1. */
function nothingToCompare(
  names: readonly string[],
  curves: Readonly<Record<string, PaperCurve>>,
  epochs: number,
): UsageError {
  const begins = names.map((name, i) => {
    const first = Math.min(...curves[name]!.points.map(({ x }) => x)) + 1;
    return i === 0 ? `the curve of ${name} begins at epoch ${first}` : `that of ${name} at epoch ${first}`;
  });
  return new UsageError(
    `the last rung is ${epochsText(epochs)} long, and ${begins.join(', ')}: give longer --rungs, or more --epochs.`,
  );
}

/** A profile that trains less has fewer rungs, the last one being its whole length. */
function rungsWithin(epochs: number, rungs: readonly number[]): number[] {
  const within = rungs.filter((rung) => rung <= epochs);
  return within.length === rungs.length || within.at(-1) === epochs ? within : [...within, epochs];
}

/** @throws UsageError for a setting of an optimizer that is not run. */
function bySearch(search: readonly TypedAxis[], spec: Spec, optimizers: readonly string[]) {
  const typed = { shared: {} as Record<string, AxisValues>, optimizers: {} as Record<string, Space> };
  for (const { path, values } of search) {
    const [name = '', ...rest] = path.split('.');
    if (optimizerNames(spec).includes(name) && !optimizers.includes(name)) {
      throw new UsageError(`--search ${path} is a setting of ${name}, which --only leaves out.`);
    }
    if (!optimizers.includes(name) || rest.length === 0) typed.shared[path] = values;
    else typed.optimizers[name] = { ...typed.optimizers[name], [rest.join('.')]: values };
  }
  return typed;
}

/** Of the optimizers that are run, what is tried; the command line adds axes and takes the place of others. */
function axesOf(
  names: readonly string[],
  spaces: Readonly<Record<string, Space>>,
  typed: Readonly<Record<string, Space>>,
): Record<string, Axis[]> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const axes = toAxes({ ...spaces[name], ...typed[name] });
      return axes.length === 0 ? [] : [[name, axes]];
    }),
  );
}

const toAxes = (space: Space): Axis[] => Object.entries(space).map(([path, values]) => axisOf(path, values));
