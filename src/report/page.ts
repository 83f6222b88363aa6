import type { BrowserCode } from './browser-code.ts';
import { runCommand } from './commands.ts';
import type { Surroundings } from './environment.ts';
import type { Evidence } from './evidence.ts';
import { placeOf } from './experiment-section.ts';
import { type Html, html } from './html.ts';
import { list, region } from './parts.ts';
import type { ReportSource } from './sources.ts';
import { claimsSection, experimentId, findingsSection, summaryOf } from './verdict-sections.ts';
import type { Judged } from './verdicts.ts';

export interface PageContent {
  readonly resultsFolder: string;
  readonly judged: readonly Judged[];
  readonly evidence: readonly Evidence[];
  /** One for each evidence. */
  readonly sections: readonly Html[];
  /** Experiments without results. */
  readonly missing: readonly ReportSource[];
  /** Names of results whose spec is not known. */
  readonly others: readonly string[];
  readonly surroundings: readonly Surroundings[];
  /** Runs of which no manifest was found. */
  readonly withoutManifest: number;
  /** Elements that hold the CSV files. */
  readonly files: Html;
  readonly code: BrowserCode;
}

/** The whole page. It needs nothing but itself, and its policy lets nothing else in. */
export function pageOf(content: PageContent): Html {
  const { resultsFolder, judged, evidence, sections, code } = content;
  const shown = new Set(evidence.map(({ experiment }) => experiment.name));
  const findings = findingsSection(judged, shown);
  const title = "Adam, AdamW and Ruder's overview, run again";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${code.policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="adam-repro">
<title>${title}</title>
${code.styles}
</head>
<body>
<a class="skip" href="#main">Skip to the verdicts</a>
<header class="top"><nav aria-label="Parts of this page">${navigation(content, findings !== '')}</nav>
<button type="button" id="theme" hidden>Dark page</button></header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
<p class="lead">Which claims of the papers hold, when their experiments are run again? ${judged.length} claims are judged by the results in <code>${resultsFolder}</code>, each with its figure, numbers and the command that repeats it.</p>
${summaryOf(judged)}
${findings}
${judged.length === 0 ? '' : claimsSection(judged, shown)}
<section id="experiments" aria-labelledby="experiments-title"><h2 id="experiments-title">Experiments</h2>
${sections}</section>
${missingSection(content)}
${surroundingsSection(content)}
</main>
<p id="status" class="unseen" role="status" aria-live="polite"></p>
${content.files}
${code.scripts}
${code.licences}
</body>
</html>
`;
}

function navigation({ evidence, missing, others, judged }: PageContent, findings: boolean): Html {
  return html`<ul>
${findings ? html`<li><a href="#findings">Findings</a></li>` : ''}
${judged.length === 0 ? '' : html`<li><a href="#verdicts">Every claim</a></li>`}
<li><details class="menu"><summary>Experiments</summary><ul>${evidence.map(
    (one) =>
      html`<li><a href="#${experimentId(one.experiment.name)}">${one.experiment.name}</a> <span class="source">${placeOf(one)}</span></li>\n`,
  )}</ul></details></li>
${missing.length + others.length === 0 ? '' : html`<li><a href="#missing">Not run</a></li>`}
<li><a href="#surroundings">Environment</a></li></ul>`;
}

function missingSection({ missing, others, resultsFolder }: PageContent): Html | '' {
  if (missing.length + others.length === 0) return '';
  return html`<section id="missing" aria-labelledby="missing-title"><h2 id="missing-title">Not on this page</h2>
${
  missing.length === 0
    ? ''
    : html`<p>There are no results of these. Each command computes them at the paper's length; <code>-n</code> says how long that takes.</p>
${list(missing.map((source) => html`<code>${runCommand(source)}</code>`))}`
}
${
  others.length === 0
    ? ''
    : html`<p>Also in <code>${resultsFolder}</code>: ${others.join(', ')}. Their specs do not come with adam-repro; <code>adam-repro report FILE.yaml</code> makes a page on them.</p>`
}</section>`;
}

function surroundingsSection({ surroundings, withoutManifest, resultsFolder }: PageContent): Html {
  const rows = surroundings.map(
    ({ engine, program, node, threads, runs }) =>
      html`<tr><th scope="row">${engine}</th><td>${threads}</td><td>${program}</td><td>${node}</td><td>${runs}</td></tr>\n`,
  );
  return html`<section id="surroundings" aria-labelledby="surroundings-title"><h2 id="surroundings-title">Environment</h2>
<p>${surroundings.length === 0 ? '' : "As the runs' manifests say, whose checksums hold."}${withoutManifest === 0 ? '' : ` Of ${withoutManifest} of the runs shown there is no manifest here.`}</p>
${
  rows.length === 0
    ? ''
    : region(
        'Environment',
        html`<table class="numbers"><caption>What computed the runs</caption><thead><tr><th scope="col">engine</th><th scope="col">threads</th><th scope="col">adam-repro</th><th scope="col">Node.js</th><th scope="col">runs</th></tr></thead><tbody>${rows}</tbody></table>`,
      )
}
<p>This page was made by <code>adam-repro report${resultsFolder === 'results' ? '' : ` -o ${resultsFolder}`}</code> from curves.csv and runs.csv alone. It loads nothing: every figure, number and file is in it.</p></section>`;
}
