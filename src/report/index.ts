import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UserError } from '../errors.ts';
import { isThere, makeFolder, namesIn, readWhole, replaceFile } from '../results/file-system.ts';
import { curvesPath, localSystem, runsPath } from '../results/index.ts';
import { temporaryName } from '../results/system.ts';
import { profileNames } from '../spec/schema.ts';
import { browserCode } from './browser-code.ts';
import { runCommand } from './commands.ts';
import { type Download, nothingPacked, type Packed, packed } from './downloads.ts';
import { manifestsOf, surroundingsOf } from './environment.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { experimentSection } from './experiment-section.ts';
import { type PreparedFigure, prepareFigure } from './figure-element.ts';
import { fileButtons } from './file-buttons.ts';
import type { Html } from './html.ts';
import { pageOf } from './page.ts';
import type { ReportSource } from './sources.ts';
import type { Judged } from './verdicts.ts';

export { type ReportSource, reportSources } from './sources.ts';
export type { Judged } from './verdicts.ts';

export interface ReportOptions {
  readonly resultsFolder: string;
  readonly judged: readonly Judged[];
  readonly sources: readonly ReportSource[];
  /** Name what else lies in the folder, since these are all experiments that are known. */
  readonly nameOthers?: boolean;
  readonly onProgress?: (text: string) => void;
}

export interface Report {
  readonly page: string;
  /** Names of the experiments that are on it, and of those that are not. */
  readonly shown: readonly string[];
  readonly missing: readonly string[];
}

/** Bytes that the page may have, below its limit of 6 MB; what figures and texts leave is for CSV files. */
const mostBytes = 5_600_000;

/**
 * The page on everything in a results folder, as HTML that needs nothing else. The same results give the same page.
 *
 * @throws UserError where nothing was measured yet, and for damaged tables.
 */
export async function makeReport(options: ReportOptions): Promise<Report> {
  const { resultsFolder, judged, sources, nameOthers = false, onProgress } = options;
  const evidence: Evidence[] = [];
  const missing: ReportSource[] = [];
  for (const source of sources) {
    const found = await evidenceOf(source, resultsFolder);
    if (found === undefined) missing.push(source);
    else evidence.push(found);
  }
  const others = nameOthers ? otherResults(resultsFolder, sources) : [];
  if (evidence.length === 0) throw new UserError(nothingText(resultsFolder, sources, others));
  const figures = new Map<Evidence, PreparedFigure>();
  for (const one of evidence) {
    onProgress?.(one.experiment.name);
    if (one.figure !== undefined) figures.set(one, await prepareFigure(one.figure));
  }
  const manifests = evidence.map((one) => manifestsOf(one, resultsFolder));
  const runs = evidence.reduce((sum, { tables }) => sum + tables.runs.length, 0);
  const downloads = new Map(evidence.map((one) => [one, downloadsOf(one, resultsFolder)]));
  const code = browserCode();
  const pageWith = (files: Packed): Html =>
    pageOf({
      ...{ resultsFolder, judged, evidence, missing, others, code, files: files.elements },
      sections: evidence.map((one) => {
        const buttons = fileButtons(downloads.get(one)!, files.ids, resultsFolder);
        const figure = figures.get(one);
        return experimentSection({ evidence: one, figure, judged, resultsFolder, files: buttons });
      }),
      surroundings: surroundingsOf(manifests.flat()),
      withoutManifest: runs - manifests.flat().length,
    });
  const room = mostBytes - Buffer.byteLength(pageWith(nothingPacked).markup);
  const page = pageWith(packed([...downloads.values()].flat(), room));
  return {
    page: page.markup,
    shown: evidence.map(({ experiment }) => experiment.name),
    missing: missing.map(({ name }) => name),
  };
}

function nothingText(
  resultsFolder: string,
  sources: readonly ReportSource[],
  others: readonly string[],
): string {
  if (others.length > 0)
    return `the results in ${resultsFolder} (${others.join(', ')}) are of specs that do not come with adam-repro: name their files, adam-repro report FILE.yaml`;
  const [first] = sources;
  return `there are no results to report on in ${resultsFolder} yet: name another folder with -o, or run an experiment first, such as ${runCommand(first!)}`;
}

/** Names of experiments that have tables in the folder, and are none of those known. */
function otherResults(resultsFolder: string, sources: readonly ReportSource[]): string[] {
  const { files } = localSystem();
  return namesIn(files, resultsFolder).filter(
    (name) =>
      !sources.some((source) => source.name === name) &&
      profileNames.some((profile) => isThere(files, curvesPath(resultsFolder, name, profile))),
  );
}

/** The tables as they are, and the numbers behind the figure. */
function downloadsOf({ tables, figure }: Evidence, resultsFolder: string): Download[] {
  const { experiment, profile } = tables;
  const { files } = localSystem();
  const file = (ending: string, path: string): Download[] => {
    const bytes = readWhole(files, path);
    return bytes === undefined
      ? []
      : [{ name: `${experiment}-${profile}-${ending}.csv`, bytes, derived: false }];
  };
  const shown = figure?.data ?? [];
  return [
    ...(shown.length === 0
      ? []
      : [
          {
            name: `${experiment}-${profile}-as-shown.csv`,
            bytes: Buffer.from(stringify([...shown], { header: true })),
            derived: true,
          },
        ]),
    ...file('curves', curvesPath(resultsFolder, experiment, profile)),
    ...file('runs', runsPath(resultsFolder, experiment, profile)),
  ];
}

/** Replaces the file in one step. Throws FileError, which names it. */
export function writeReport(path: string, page: string): void {
  const system = localSystem();
  makeFolder(system.files, dirname(path));
  replaceFile(system.files, path, temporaryName(system), [Buffer.from(page)]);
}
