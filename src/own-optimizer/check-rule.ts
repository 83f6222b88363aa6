import { type EngineName, engineAvailability, engineNames } from '../engines/index.ts';
import { UserError } from '../errors.ts';
import type { Optimizer } from '../optimizers/define.ts';
import { checkHyper, checkScalars, checkTrace } from './check-settings.ts';
import { differingSlot, type Measured, measureResumed, measureStreams } from './measure.ts';
import { quadraticDescent } from './quadratic.ts';
import { parameterCount, startParameters, stepCount } from './streams.ts';

/** One line of the table. */
export interface RuleCheck {
  readonly name: string;
  /** `skipped`: something before it failed, or an engine is not installed. */
  readonly status: 'passed' | 'failed' | 'skipped' | 'information';
  /** What was found; of a failure one sentence with what to do. */
  readonly detail: string;
}

const passed = (name: string, detail: string): RuleCheck => ({ name, status: 'passed', detail });
const failed = (name: string, detail: string): RuleCheck => ({ name, status: 'failed', detail });

/**
 * Whether a rule can be trusted with a long run: finite, deterministic, resumable and the same on every engine that is
 * installed here. Takes a second or two; starts no training.
 */
export async function checkRule(optimizer: Optimizer): Promise<RuleCheck[]> {
  const settings = [checkTrace(optimizer), checkHyper(optimizer), checkScalars(optimizer)];
  if (settings.some(({ status }) => status === 'failed')) {
    const rest = ['finite', 'deterministic', 'resume-safe', 'same on all engines', 'quadratic'];
    return [...settings, ...rest.map((name) => skipped(name, 'what is above has to be put right first'))];
  }
  const measured = new Map<EngineName, Measured[]>();
  const missing: string[] = [];
  const broken: string[] = [];
  for (const engine of engineNames) {
    const found = await engineAvailability(engine);
    if (!found.ok) missing.push(`${engine} is not installed`);
    else {
      try {
        measured.set(engine, await measureStreams(optimizer, engine));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        broken.push(`${engine} cannot run the rule: ${error.message}`);
      }
    }
  }
  const finite = checkFinite(measured);
  return [
    ...settings,
    finite,
    await checkDeterministic(optimizer, measured),
    await checkResume(optimizer, measured),
    checkEngines(measured, missing, broken),
    finite.status === 'passed'
      ? { name: 'quadratic', status: 'information', detail: await quadraticDescent(optimizer) }
      : skipped('quadratic', 'the rule is not finite'),
  ];
}

const skipped = (name: string, detail: string): RuleCheck => ({ name, status: 'skipped', detail });

type ByEngine = ReadonlyMap<EngineName, readonly Measured[]>;
const namesOf = (measured: ByEngine): string => [...measured.keys()].join(', ');

function checkFinite(measured: ByEngine): RuleCheck {
  for (const [engine, all] of measured) {
    for (const { stream, path, last } of all) {
      const step = path.findIndex((parameters) => !parameters.every(Number.isFinite));
      const slot = Object.keys(last).find((name) => !last[name]!.every(Number.isFinite));
      if (step < 0 && slot === undefined) continue;
      const what = step < 0 ? `state ${slot}` : 'parameter';
      const when = step < 0 ? `within ${stepCount} steps` : `at step ${step + 1}`;
      const where = `gradients "${stream.name}" on ${engine}`;
      return failed('finite', `The ${what} is no longer finite ${when} with ${where}: ${stream.remedy}.`);
    }
  }
  const names = [...measured.values()][0]!.map(({ stream }) => stream.name).join(', ');
  return passed('finite', `${stepCount} steps each of ${names}`);
}

async function checkDeterministic(optimizer: Optimizer, measured: ByEngine): Promise<RuleCheck> {
  for (const [engine, all] of measured) {
    const again = await measureStreams(optimizer, engine);
    for (const [i, { stream, last }] of all.entries()) {
      const slot = differingSlot(last, again[i]!.last);
      if (slot === undefined) continue;
      return failed(
        'deterministic',
        `A second time ${slot} has other values with gradients "${stream.name}" on ${engine}: ` +
          'compute from the arguments alone, without Math.random, the time, or variables outside of the functions.',
      );
    }
  }
  return passed('deterministic', `twice the same bits on ${namesOf(measured)}`);
}

async function checkResume(optimizer: Optimizer, measured: ByEngine): Promise<RuleCheck> {
  for (const [engine, all] of measured) {
    const resumed = await measureResumed(optimizer, engine);
    for (const [i, { stream, last }] of all.entries()) {
      const slot = differingSlot(last, resumed[i]!);
      if (slot === undefined) continue;
      return failed(
        'resume-safe',
        `After a stop at step ${stepCount / 2} ${slot} ends with other values with gradients "${stream.name}" on ` +
          `${engine}: keep what the rule remembers in state, and compute scalars from t alone.`,
      );
    }
  }
  return passed('resume-safe', `stopped at step ${stepCount / 2}, the same bits at step ${stepCount}`);
}

/** Of how far the parameters went, and of their own size: float32 rounds each of the updates. */
const tolerance = { ofWay: 1e-3, ofSize: 2e-5 };

function checkEngines(measured: ByEngine, missing: readonly string[], broken: readonly string[]): RuleCheck {
  const name = 'same on all engines';
  if (broken.length > 0) return failed(name, `${broken[0]}`);
  const exact = measured.get('reference')!;
  for (const [engine, all] of measured) {
    if (engine === 'reference') continue;
    for (const [i, { stream, path }] of all.entries()) {
      const ours = path.at(-1)!;
      const theirs = exact[i]!.path.at(-1)!;
      // That neither is finite is said above.
      if (!theirs.every(Number.isFinite) && !ours.every(Number.isFinite)) continue;
      const way = Math.max(...theirs.map((x, k) => Math.abs(x - startParameters[k]!)));
      const size = Math.max(...theirs.map(Math.abs));
      const error = Math.max(...theirs.map((x, k) => Math.abs(x - ours[k]!)));
      if (error <= tolerance.ofWay * way + tolerance.ofSize * size) continue;
      const share = way === 0 ? '' : ` (${((100 * error) / way).toPrecision(2)}% of the way)`;
      return failed(
        name,
        `With gradients "${stream.name}" ${engine} ends ${error.toExponential(1)} beside float64${share}: ` +
          'avoid differences of nearly equal numbers, comparisons of them, and numbers beyond what float32 holds.',
      );
    }
  }
  const others = [...measured.keys()].filter((engine) => engine !== 'reference');
  const said = missing.length === 0 ? '' : `; ${missing.join(', ')}`;
  return passed(name, `${others.join(', ')} as float64, ${parameterCount} parameters${said}`);
}
