import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claims, judgeClaims } from '../../src/claims/index.ts';
import { makeReport, reportSources, writeReport } from '../../src/report/index.ts';
import { scratchFolder } from '../results/machine.ts';
import { chromiumPath, drawAll, startBrowser, violations, visit } from './browser.ts';
import { hostileLabel, hostileTitle, sampleResults, sourcesOf } from './sample-results.ts';

const found = chromiumPath() !== undefined;
const required = process.env.ADAM_REPRO_REQUIRE_CHROMIUM === '1';

it.runIf(required)('there is a Chromium for these tests', () => {
  expect(found).toBe(true);
});

describe.skipIf(!found)(
  `the report in a browser${found ? '' : ' (no chromium on the PATH, and no ADAM_REPRO_CHROMIUM)'}`,
  () => {
    let browser: Browser;
    let folder: string;
    /** A page on one small experiment, its title and a label full of markup. */
    let small: string;

    beforeAll(async () => {
      browser = await startBrowser();
      folder = scratchFolder();
      const file = await sampleResults(folder, 'tiny', { title: hostileTitle, label: hostileLabel });
      const judged = (await judgeClaims(claims, folder)).map((verdict) => ({
        ...verdict,
        command: 'adam-repro run',
      }));
      const resultsFolder = join(folder, 'results');
      small = join(folder, 'small.html');
      writeReport(small, (await makeReport({ resultsFolder, judged, sources: await sourcesOf(file) })).page);
    });
    afterAll(() => browser?.close());

    const opened = async (options = {}) => {
      const seen = await visit(browser, small, options);
      await drawAll(seen.page);
      return seen;
    };

    it('draws its figure without a complaint, and asks for nothing but itself', async () => {
      const { page, complaints, requests } = await opened();
      // Two curves in two panels.
      expect(await page.locator('figure .live svg .mark-line path').count()).toBe(4);
      expect(await page.locator('figure .still').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([`file://${encodeURI(small)}`]);
      await page.context().close();
    });

    it('hides a curve by its box in the legend, and says so', async () => {
      const { page } = await opened();
      const lines = page.locator('.live .mark-line path');
      await page.getByLabel('SGD').uncheck();
      await expect.poll(() => lines.count()).toBe(2);
      expect(await page.locator('#status').textContent()).toBe('SGD hidden');
      await page.getByLabel('SGD').check();
      await expect.poll(() => lines.count()).toBe(4);
      await page.context().close();
    });

    it('changes the y axis from logarithmic to linear and back', async () => {
      const { page, complaints } = await opened();
      const axis = page.locator('.live [aria-label^="Y-axis"]').first();
      const steps = async (): Promise<number[]> => {
        const texts = await axis.locator('.role-axis-label text').allTextContents();
        const ticks = texts.map(Number);
        return ticks.slice(1).map((tick, i) => Number((tick - ticks[i]!).toPrecision(6)));
      };
      const status = () => page.locator('#status').textContent();
      expect(new Set(await steps()).size).toBeGreaterThan(1);
      await page.getByRole('radio', { name: 'linear' }).check();
      await expect.poll(status).toBe('y axis linear');
      expect(new Set(await steps()).size).toBe(1);
      await page.getByRole('radio', { name: 'as drawn' }).check();
      await expect.poll(status).toBe('y axis as drawn');
      expect(new Set(await steps()).size).toBeGreaterThan(1);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('shows the values of the nearest point under the pointer', async () => {
      const { page } = await opened();
      const plot = (await page.locator('.live svg').boundingBox())!;
      await page.mouse.move(plot.x + plot.width / 4, plot.y + plot.height / 2);
      const tooltip = page.locator('#vg-tooltip-element');
      await tooltip.waitFor();
      const text = await tooltip.innerText();
      expect(text).toMatch(/curve\s+(SGD|Adam <b onclick)/);
      expect(text).toMatch(/epoch\s+1?\d/);
      expect(text).toMatch(/training cost\s+0\.\d+/);
      expect(text).toMatch(/seeds\s+0\.\d+ to 0\.\d+ \(3\)/);
      await page.context().close();
    });

    it('is used by keyboard: the skip link, the legend, the scale', async () => {
      const { page } = await opened();
      await page.evaluate('scrollTo(0, 0)');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toMatch(/^Skip/);
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      const reached: string[] = [];
      for (let i = 0; i < 200 && !reached.includes('scale'); i++) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate<string>("document.activeElement.dataset.role ?? ''"));
      }
      expect(reached.filter((role) => role === 'curve')).toHaveLength(2);
      expect(reached.at(-1)).toBe('scale');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => page.locator('#status').textContent()).toBe('y axis linear');
      await page.context().close();
    });

    it('hands out the tables as they are', async () => {
      const { page } = await opened({ acceptDownloads: true });
      await page.getByText('Repeat it, and its data').click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /tiny-paper-curves\.csv/ }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('tiny-paper-curves.csv');
      const original = readFileSync(join(folder, 'results/tiny/paper/curves.csv'), 'utf8');
      expect(readFileSync((await download.path())!, 'utf8')).toBe(original);
      await page.context().close();
    });

    it('has no serious violation of accessibility, light and dark', async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await opened({ colorScheme });
        await page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })");
        expect(await violations(page), colorScheme).toEqual([]);
        await page.context().close();
      }
    });

    it('turns dark and light by its button, figures included', async () => {
      const { page } = await opened({ colorScheme: 'light' });
      const label = page.locator('.live .role-axis-label text').first();
      const colors = async () => [
        await page.evaluate<string>('getComputedStyle(document.body).backgroundColor'),
        await label.getAttribute('fill'),
      ];
      const light = await colors();
      await page.getByRole('button', { name: 'Dark page' }).click();
      await expect.poll(async () => (await colors())[1]).not.toBe(light[1]);
      expect((await colors())[0]).not.toBe(light[0]);
      await page.getByRole('button', { name: 'Light page' }).click();
      await expect.poll(colors).toEqual(light);
      await page.context().close();
    });

    it('fits a phone: nothing but tables scrolls sideways', async () => {
      const { page } = await opened({ viewport: { width: 360, height: 740 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const width = await page.locator('.live svg').evaluate((svg) => svg.getBoundingClientRect().width);
      expect(width).toBeGreaterThan(280);
      expect(width).toBeLessThanOrEqual(320);
      await page.context().close();
    });

    it('is printed with still figures, and with what was folded away', async () => {
      const { page } = await opened();
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('figure .still').isVisible()).toBe(true);
      expect(await page.locator('figure .live').isVisible()).toBe(false);
      expect(await page.locator('.top').isVisible()).toBe(false);
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.locator('main details:not([open])').count()).toBe(0);
      await page.context().close();
    });

    it('shows everything but the live figures without scripts', async () => {
      const { page, requests } = await visit(browser, small, { javaScriptEnabled: false });
      const still = page.locator('figure .still');
      expect(await still.isVisible()).toBe(true);
      expect((await still.boundingBox())!.height).toBeGreaterThan(200);
      expect(await page.locator('button:visible, .controls:visible').count()).toBe(0);
      expect(requests).toHaveLength(1);
      await page.context().close();
    });

    it('forbids what does not belong to it', async () => {
      const { page } = await opened();
      const text = readFileSync(small, 'utf8').replace(
        '</main>',
        '<script>document.title = "changed"</script></main>',
      );
      const changed = join(folder, 'changed.html');
      writeFileSync(changed, text);
      await page.goto(`file://${encodeURI(changed)}`);
      expect(await page.title()).not.toBe('changed');
      await page.context().close();
    });

    it('draws every figure of the reference results, in less than 6 MB and without a complaint', async () => {
      const resultsFolder = 'results/reference';
      const judged = (await judgeClaims(claims, resultsFolder)).map((verdict) => ({
        ...verdict,
        command: 'adam-repro run',
      }));
      const { page: text } = await makeReport({ resultsFolder, judged, sources: await reportSources([]) });
      const file = join(folder, 'reference.html');
      writeReport(file, text);
      expect(Buffer.byteLength(text)).toBeLessThan(6e6);
      const { page, complaints, requests } = await visit(browser, file);
      const figures = await drawAll(page);
      expect(figures).toBeGreaterThan(10);
      for (const figure of await page.locator('figure.drawing').all()) {
        const marks = figure.locator('.live svg :is(.mark-line, .mark-rect, .mark-symbol, .mark-area) path');
        expect(await marks.count(), (await figure.getAttribute('id')) ?? '').toBeGreaterThan(0);
      }
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      await page.context().close();
    }, 300_000);
  },
);
