import { resultsName, type Verdict } from '../claims/index.ts';
import { type Html, html, idOf } from './html.ts';
import { countsOf, differ, type Judged, type Pair, pairsOf } from './verdicts.ts';

/** The beginning of the page: what holds. */

const papers = {
  A: 'Adam (Kingma & Ba 2015)',
  B: 'AdamW (Loshchilov & Hutter 2019)',
  C: "Ruder's overview (2017)",
} as const;

const classes: Readonly<Record<Verdict, string>> = {
  'better than the paper': 'good',
  reproduced: 'good',
  'not reproduced': 'bad',
  "contradicted by the paper's own figure": 'odd',
  inconclusive: 'open',
  'not run': 'none',
};

export const badge = (verdict: Verdict): Html =>
  html`<span class="badge ${classes[verdict]}">${verdict}</span>`;

export const experimentId = (name: string): string => idOf('experiment', name);
export const claimId = (id: string): string => idOf('claim', id);

/** The counts as a sentence and a bar. */
export function summaryOf(judged: readonly Judged[]): Html {
  const counts = countsOf(judged);
  const shown = (Object.keys(classes) as Verdict[]).flatMap((verdict) => {
    const count = counts.get(verdict) ?? 0;
    return count === 0 ? [] : [{ verdict, count }];
  });
  return html`<ul class="counts">${shown.map(
    ({ verdict, count }) => html`<li><b>${count}</b> ${badge(verdict)}</li>`,
  )}</ul>
<div class="bar" aria-hidden="true">${shown.map(
    ({ verdict, count }) => html`<span class="${classes[verdict]}" style="flex-grow:${count}"></span>`,
  )}</div>`;
}

/** The claims whose outcome depends on the settings; '' where no claim was judged in both ways. */
export function findingsSection(judged: readonly Judged[], shown: ReadonlySet<string>): Html | '' {
  const pairs = pairsOf(judged);
  const findings = pairs.filter(differ);
  if (findings.length === 0) return '';
  return html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Where the settings make the figure</h2>
<p>These claims have one outcome with the settings as drawn and another with tuned ones: it is the settings that decide, not the methods alone.</p>
${findings.map((pair) => finding(pair, shown))}</section>`;
}

function finding({ drawn, tuned }: Pair, shown: ReadonlySet<string>): Html {
  const side = (title: string, judged: Judged): Html => html`<div class="side">
<h4>${title}</h4><p>${badge(judged.verdict)}</p>${judged === drawn ? '' : html`<p class="source">${judged.claim.statement}</p>`}<p>${judged.ours}</p><p class="to">${evidenceLink(judged, shown, 'figure and numbers')}</p></div>`;
  return html`<article class="finding"><h3>${drawn.claim.id}. ${drawn.claim.statement}</h3>
<p class="source">${drawn.claim.source}</p><div class="sides">${side('As drawn', drawn)}${side('Tuned', tuned)}</div></article>\n`;
}

/** Every claim by paper, each with a link to its evidence. */
export function claimsSection(judged: readonly Judged[], shown: ReadonlySet<string>): Html {
  const groups = Object.entries(papers).map(([letter, title]) => ({
    title,
    claims: judged.filter(({ claim }) => claim.id.startsWith(letter)),
  }));
  return html`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">Every claim</h2>
<p>Each criterion, with its thresholds, is code; the arithmetic of each verdict is with its experiment.</p>
${groups.filter(({ claims }) => claims.length > 0).map(({ title, claims }) => claimTable(title, claims, shown))}</section>`;
}

/** Roles are spelled out: on a phone the cells stand one below the other, and would not be a table any more. */
function claimTable(title: string, claims: readonly Judged[], shown: ReadonlySet<string>): Html {
  const heads = ['claim', 'verdict', 'the paper', 'here', 'evidence'];
  return html`<table class="claims" role="table"><caption>${title}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${claims.map((judged) => claimRow(judged, shown))}</tbody></table>\n`;
}

function claimRow(judged: Judged, shown: ReadonlySet<string>): Html {
  const { claim, verdict, paper, ours, reason } = judged;
  return html`<tr role="row" id="${claimId(claim.id)}"><th scope="row" role="rowheader"><b>${claim.id}</b> ${claim.statement} <span class="source">${claim.source}</span></th>
<td role="cell">${badge(verdict)}${reason === undefined ? '' : html` <span class="reason">${reason}</span>`}</td>
<td role="cell" data-head="The paper:">${paper ?? html`<span class="nothing">no number</span>`}</td>
<td role="cell" data-head="Here:">${ours ?? html`<span class="nothing">nothing yet</span>`}</td>
<td role="cell">${evidenceLink(judged, shown)}</td></tr>\n`;
}

/** To the experiment where it is on the page, and else the command that brings the results. */
function evidenceLink({ claim, command }: Judged, shown: ReadonlySet<string>, text?: string): Html {
  const name = resultsName(claim.needs);
  return shown.has(name)
    ? html`<a href="#${experimentId(name)}">${text ?? name}</a>`
    : html`<code class="run">${command}</code>`;
}
