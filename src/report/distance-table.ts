import type { Table } from '../figures/index.ts';
import { type Html, html } from './html.ts';
import { numberText } from './numbers.ts';
import { region } from './parts.ts';

/** Ours and the paper's at the compared points: of curves over epochs a row for each curve, else as the figure has them. */
export function distanceTable(rows: Table, name: string): Html {
  const isByEpoch = rows.every(({ curve, epoch }) => curve !== undefined && epoch !== undefined);
  return region(`Distance to the paper: ${name}`, isByEpoch ? byEpoch(rows) : asTheyAre(rows));
}

function byEpoch(rows: Table): Html {
  const curves = [...new Set(rows.map(({ curve }) => String(curve)))];
  const epochs = [...new Set(rows.map(({ epoch }) => Number(epoch)))].sort((a, b) => a - b);
  const cell = (curve: string, epoch: number): Html => {
    const row = rows.find((one) => one.curve === curve && one.epoch === epoch);
    if (row === undefined) return html`<td>-</td>`;
    return html`<td>${numberText(Number(row.ours), 3)} <span class="theirs">${numberText(Number(row.paper), 3)}</span></td>`;
  };
  const median = (curve: string): string =>
    numberText(Number(rows.find((row) => row.curve === curve)!.median_absolute_log_ratio), 2);
  return html`<table class="numbers"><caption>Ours at points of the paper's axis, with the paper's below; last the median of |ln(ours / paper)|.</caption>
<thead><tr><th scope="col">curve</th>${epochs.map((epoch) => html`<th scope="col">${epoch}</th>`)}<th scope="col">distance</th></tr></thead>
<tbody>${curves.map(
    (curve) =>
      html`<tr><th scope="row">${curve}</th>${epochs.map((epoch) => cell(curve, epoch))}<td>${median(curve)}</td></tr>\n`,
  )}</tbody></table>`;
}

function asTheyAre(rows: Table): Html {
  const columns = Object.keys(rows[0]!);
  const text = (value: string | number | undefined): string =>
    typeof value === 'number' ? numberText(value, 3) : (value ?? '');
  return html`<table class="numbers"><caption>Ours and the paper's at the compared points, and ln(ours / paper).</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column.replaceAll('_', ' ')}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td>${text(row[column])}</td>`)}</tr>\n`)}</tbody></table>`;
}
