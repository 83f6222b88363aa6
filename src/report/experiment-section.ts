import { resultsName } from '../claims/index.ts';
import { captionOf, figureText } from '../figures/caption.ts';
import { foreignRuns, plotCommand, rerunCommand } from './commands.ts';
import { distanceTable } from './distance-table.ts';
import type { Evidence } from './evidence.ts';
import { figureElement, type PreparedFigure } from './figure-element.ts';
import { type Html, html } from './html.ts';
import { commandLine } from './parts.ts';
import { resultsTable } from './results-table.ts';
import { settingsTable } from './settings-table.ts';
import { badge, claimId, experimentId } from './verdict-sections.ts';
import type { Judged } from './verdicts.ts';

export interface ExperimentParts {
  readonly evidence: Evidence;
  readonly figure: PreparedFigure | undefined;
  /** All verdicts; those that these results decide are shown. */
  readonly judged: readonly Judged[];
  readonly resultsFolder: string;
  /** Buttons or words for its CSV files. */
  readonly files: Html;
}

/** One experiment in one variant: figure, numbers, verdicts, settings, and how to repeat it. */
export function experimentSection(parts: ExperimentParts): Html {
  const { evidence, figure, judged, resultsFolder, files } = parts;
  const { experiment, tables, lines, otherProfiles } = evidence;
  const { name, title, variant } = experiment;
  const id = experimentId(name);
  const decided = judged.filter(({ claim }) => resultsName(claim.needs) === name);
  const others =
    otherProfiles.length === 0
      ? ''
      : html` There are results of ${otherProfiles.length === 1 ? 'the profile' : 'the profiles'} ${otherProfiles.join(', ')} too; the more complete ones are shown.`;
  return html`<section class="experiment" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${title}${variant === 'as-drawn' ? '' : `, ${variant}`}</h3>
<p class="source">${placeOf(evidence)} · <code>${name}</code> · profile ${experiment.profile}.${others}</p>
${figure === undefined ? plainCaption(evidence) : figureElement(figure)}
${decided.length === 0 ? '' : verdictList(decided)}
${resultsTable(lines, tables, `${name}, profile ${experiment.profile}.`)}
${distanceDetails(evidence)}
<details><summary>Settings</summary>${settingsTable(lines, name)}</details>
<details><summary>Repeat it, and its data</summary>
<p>${repeatText(evidence)}</p>${commandLine(rerunCommand(evidence))}
${figure === undefined ? '' : html`<p>The figure alone, from the same tables:</p>${commandLine(plotCommand(evidence, resultsFolder))}`}
${files}</details>
</section>\n`;
}

/** What the command computes, and which of the runs it does not. */
function repeatText(evidence: Evidence): string {
  const { runs } = evidence.tables;
  const foreign = foreignRuns(evidence).length;
  const all = runs.length === 1 ? 'the run' : `the ${runs.length} runs`;
  return `This computes ${all} above again, and nothing that is in the results folder already.${
    foreign === 0
      ? ''
      : ` But ${foreign} of them ${foreign === 1 ? 'has' : 'have'} settings that the spec does not have: see the settings, and --set.`
  }`;
}

const paperNames: Readonly<Record<string, string>> = {
  adam: 'Adam 2015',
  adamw: 'AdamW 2019',
  ruder: "Ruder's overview 2017",
};

export function placeOf({ experiment: { paper } }: Evidence): string {
  if (paper === null) return 'no figure of a paper';
  // Not every experiment is a figure: one is the papers' `properties`.
  const place = /\d/.test(paper.figure) ? figureText(paper.figure) : paper.figure;
  return `${paperNames[paper.key] ?? paper.key}, ${place}`;
}

/** What a figure's caption would say. */
function plainCaption({ experiment, tables }: Evidence): Html {
  const text = captionOf({ experiment, tables, band: false, outside: [] });
  return html`<p class="caption">Statements about single steps, without curves. ${text.join(' ')}</p>`;
}

function verdictList(decided: readonly Judged[]): Html {
  return html`<h4>What these results decide</h4><ul class="decided">${decided.map(
    ({
      claim,
      verdict,
      reason,
      ours,
      profile,
      arithmetic,
    }) => html`<li>${badge(verdict)} <a href="#${claimId(claim.id)}">${claim.id}</a> ${claim.statement}
${ours === undefined ? '' : html`<br><span class="ours">${ours}</span>`}
${reason === undefined ? '' : html` <span class="reason">${reason}</span>`}
${
  arithmetic.length === 0
    ? ''
    : html`<details><summary>Arithmetic of ${claim.id}</summary><ul>${arithmetic.map((line) => html`<li>${line}</li>`)}</ul>
<p>${thresholdText(claim.thresholds)}${profile === undefined ? '' : ` Judged in profile ${profile}.`}</p></details>`
}</li>\n`,
  )}</ul>`;
}

function thresholdText(thresholds: Readonly<Record<string, number>>): string {
  const parts = Object.entries(thresholds).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? '' : `Thresholds: ${parts.join(', ')}.`;
}

function distanceDetails({ figure, experiment }: Evidence): Html | '' {
  if (figure === undefined || figure.distance.length === 0) return '';
  return html`<details><summary>Distance to the paper's curves</summary>${distanceTable(figure.distance, experiment.name)}</details>`;
}
