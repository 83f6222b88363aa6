import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { claims, verdictOf } from '../../src/claims/index.ts';
import { type Judged, makeReport, writeReport } from '../../src/report/index.ts';
import { scratchFolder } from '../results/machine.ts';
import { hostileLabel, hostileTitle, type Sample, sampleResults, sourcesOf } from './sample-results.ts';

interface Made {
  readonly page: string;
  readonly shown: readonly string[];
  readonly missing: readonly string[];
  readonly folder: string;
}

/** The page on one sample experiment. */
async function made(
  samples: Readonly<Record<string, Sample>>,
  judged: readonly Judged[] = [],
): Promise<Made> {
  const folder = scratchFolder();
  const files: string[] = [];
  for (const [name, sample] of Object.entries(samples)) {
    const file = await sampleResults(folder, name, sample);
    if (!files.includes(file)) files.push(file);
  }
  const resultsFolder = join(folder, 'results');
  const report = await makeReport({ resultsFolder, judged, sources: await sourcesOf(...files) });
  return { ...report, folder };
}

/** A judged claim with the given outcome. */
function judged(id: string, verdict: Judged['verdict'], ours = `ours of ${id}`): Judged {
  const claim = claims.find((one) => one.id === id)!;
  return {
    ...verdictOf(claim, undefined),
    verdict,
    ours,
    command: `adam-repro run ${claim.needs.experiment}`,
  };
}

/** What scripts unpack, by the id of its element. */
const unpacked = (page: string, id: string): string =>
  gunzipSync(
    Buffer.from(
      new RegExp(`<script type="text/plain" id="${id}">([^<]*)</script>`).exec(page)![1]!,
      'base64',
    ),
  ).toString();

const specOf = (page: string) =>
  JSON.parse(
    gunzipSync(
      Buffer.from(/<script type="text\/plain" class="spec">([^<]*)<\/script>/.exec(page)![1]!, 'base64'),
    ).toString(),
  );

/** The page without scripts, styles and pictures. */
const markupOf = (page: string): string =>
  page.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '').replace(/src="data:[^"]*"/g, '');

describe('the report', () => {
  it('shows figure, numbers, settings, commands and data of an experiment', async () => {
    const { page, shown, missing } = await made({ tiny: {} });
    expect(shown).toEqual(['tiny']);
    expect(missing).toEqual(['tiny-tuned']);
    const text = markupOf(page);
    expect(text.match(/<figure/g)).toHaveLength(1);
    expect(text).toMatch(/<caption>Last values: tiny, profile paper/);
    // Epoch 20: 0.5 / 20 and 0.01 more for each seed.
    expect(text).toMatch(/0\.035 <span class="spread">0\.025 to 0\.045<\/span>/);
    expect(text).toMatch(/<td>14 s<\/td>/);
    expect(text).toMatch(/adam-repro run \S+tiny\.yaml -p paper --seeds 0,1,2 --engine reference/);
    expect(text).toMatch(/adam-repro plot \S+tiny\.yaml -p paper -o \S+results/);
    expect(text).not.toMatch(/settings that the spec does not have/);
  });

  it('holds the tables byte by byte, and the numbers behind the figure', async () => {
    const { page, folder } = await made({ tiny: {} });
    const place = join(folder, 'results/tiny/paper');
    const idOf = (name: string): string =>
      new RegExp(`data-file="([^"]+)" data-name="${name}"`).exec(page)![1]!;
    expect(unpacked(page, idOf('tiny-paper-curves.csv'))).toBe(
      readFileSync(join(place, 'curves.csv'), 'utf8'),
    );
    expect(unpacked(page, idOf('tiny-paper-runs.csv'))).toBe(readFileSync(join(place, 'runs.csv'), 'utf8'));
    expect(unpacked(page, idOf('tiny-paper-as-shown.csv'))).toMatch(
      /^panel,curve,source,x,y,low,high,seeds\n/,
    );
  });

  it('shows what specs say as text, wherever it stands', async () => {
    const { page } = await made({ tiny: { title: hostileTitle, label: hostileLabel } });
    const text = markupOf(page);
    expect(text).toMatch(/&lt;script&gt;alert\(&quot;title&quot;\)&lt;\/script&gt; &amp; &lt;img/);
    expect(text).toMatch(/Adam &lt;b onclick=&quot;alert\(&#39;label&#39;\)&quot;&gt;/);
    expect(page).not.toMatch(/<script>alert|<img src=x|<b onclick/);
  });

  it('loads nothing: no address but its own anchors and data, and a policy that forbids the rest', async () => {
    const { page } = await made({ tiny: {} });
    const addresses = [
      ...page.replace(/<script>[\s\S]*?<\/script>/g, '').matchAll(/\b(?:src|href|action)="([^"]*)"/g),
    ];
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.map(([, address]) => address).filter((address) => !/^(#|data:)/.test(address!))).toEqual(
      [],
    );
    expect(page).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;/);
    expect(page).not.toMatch(/<link|@import|unsafe-eval/);
  });

  it('is the same for the same results', async () => {
    const { page, folder } = await made({ tiny: {} });
    const sources = await sourcesOf(join(folder, 'tiny.yaml'));
    const again = await makeReport({ resultsFolder: join(folder, 'results'), judged: [], sources });
    expect(again.page).toBe(page);
  });

  it('has one heading of first order, none that skips one, and each id once', async () => {
    const { page } = await made({ tiny: {} }, [
      judged('A7', 'reproduced'),
      judged('A7-tuned', 'not reproduced'),
    ]);
    const text = markupOf(page);
    const levels = [...text.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(anchors.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('takes the longest profile of which every optimizer has a value, and names the others', async () => {
    const folder = scratchFolder();
    const file = await sampleResults(folder, 'tiny', { profile: 'quick' });
    await sampleResults(folder, 'tiny', { profile: 'paper', optimizers: ['adam'] });
    const sources = (await sourcesOf(file)).slice(0, 1);
    const resultsFolder = join(folder, 'results');
    const page = async () => markupOf((await makeReport({ resultsFolder, judged: [], sources })).page);
    expect(await page()).toMatch(/profile quick\. There are results of the profile paper too/);
    await sampleResults(folder, 'tiny', { profile: 'paper' });
    expect(await page()).toMatch(/profile paper\. There are results of the profile quick too/);
  });

  it('says which runs diverged or are not finished, and leaves them out of the medians', async () => {
    const { page } = await made({ tiny: { status: 'diverged', epochs: 7 } });
    expect(markupOf(page)).toMatch(
      /<td>-<\/td><td>-<\/td><td>14 s<\/td><td class="words">3 of 3 diverged after epoch 7, 7, 7/,
    );
    const open = await made({ tiny: { status: 'interrupted', epochs: 7, seeds: [0] } });
    expect(markupOf(open.page)).toMatch(/not finished: epoch 7 of 20/);
  });

  it('names runs that its command would not compute', async () => {
    const folder = scratchFolder();
    const file = await sampleResults(folder, 'tiny');
    writeFileSync(file, readFileSync(file, 'utf8').replace('lr: 0.01', 'lr: 0.02'));
    const resultsFolder = join(folder, 'results');
    const { page } = await makeReport({ resultsFolder, judged: [], sources: await sourcesOf(file) });
    expect(markupOf(page)).toMatch(/3 of them have settings that the spec does not have/);
  });

  it('is none without any results', async () => {
    const options = { resultsFolder: join(scratchFolder(), 'none'), judged: [] };
    await expect(makeReport({ ...options, sources: await sourcesOf('saddle') })).rejects.toThrow(
      /^there are no results to report on in \S+none yet: .* such as adam-repro run saddle -p paper$/,
    );
  });

  it('says what would bring the results that are missing', async () => {
    const { page } = await made({ tiny: {} });
    expect(markupOf(page)).toMatch(/<code>adam-repro run \S+tiny\.yaml --variant tuned -p paper<\/code>/);
  });

  it('names what else has results in the folder', async () => {
    const folder = scratchFolder();
    const file = await sampleResults(folder, 'tiny');
    await sampleResults(folder, 'other');
    const resultsFolder = join(folder, 'results');
    const options = { resultsFolder, judged: [], nameOthers: true };
    const { page } = await makeReport({ ...options, sources: await sourcesOf(file) });
    expect(markupOf(page)).toMatch(/Also in <code>\S+<\/code>: other\./);
    await expect(makeReport({ ...options, sources: await sourcesOf('saddle') })).rejects.toThrow(
      /^the results in \S+ \(other, tiny\) are of specs that do not come with adam-repro: /,
    );
  });

  it('says of runs without a manifest that there is none', async () => {
    const { page } = await made({ tiny: {} });
    expect(markupOf(page)).toMatch(/Of 6 of the runs shown there is no manifest here/);
  });

  it('draws from fewer points than there are, and says so', async () => {
    const long = await made({ tiny: { epochs: 2000, seeds: [0] } });
    expect(markupOf(long.page)).toMatch(/at most 400 points of each curve/);
    const { spec } = specOf(long.page);
    const rows = Object.values(spec.datasets as Record<string, { columns?: unknown[][] }>);
    const most = Math.max(...rows.map(({ columns }) => columns?.[0]?.length ?? 0));
    expect(most).toBeGreaterThan(700);
    expect(most).toBeLessThanOrEqual(800);
    expect(markupOf((await made({ tiny: {} })).page)).not.toMatch(/points of each curve/);
  });
});

describe('the verdicts on the page', () => {
  it('begin with the claims whose outcome depends on the settings', async () => {
    const { page } = await made({ tiny: {} }, [
      ...[judged('A7', 'reproduced'), judged('A7-tuned', 'not reproduced')],
      ...[judged('A8', 'reproduced'), judged('A8-tuned', 'better than the paper')],
      ...[judged('A9', 'reproduced'), judged('A9-tuned', 'inconclusive')],
    ]);
    const text = markupOf(page);
    expect([...text.matchAll(/<article class="finding"><h3>(\S+)\./g)].map(([, id]) => id)).toEqual(['A7']);
    expect(text.indexOf('id="findings"')).toBeLessThan(text.indexOf('id="verdicts"'));
    expect(text.match(/<tr role="row" id="claim-/g)).toHaveLength(6);
  });

  it('link to the experiment on the page, or say the command that brings it', async () => {
    const { page } = await made({ tiny: {} }, [judged('A7', 'not run')]);
    expect(markupOf(page)).toMatch(/<code class="run">adam-repro run mnist-logreg<\/code>/);
  });

  it('have no findings where nothing differs', async () => {
    const { page } = await made({ tiny: {} }, [judged('A7', 'reproduced')]);
    expect(page).not.toMatch(/id="findings"/);
  });
});

describe('writing the report', () => {
  it('replaces the file in one step, also in a folder that is new', async () => {
    const path = join(scratchFolder(), 'new', 'report.html');
    writeReport(path, 'first');
    writeReport(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
  });

  it('says in one sentence where it cannot be written', () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeReport(join(folder, 'file', 'report.html'), 'page')).toThrow(/cannot be made/);
  });
});
