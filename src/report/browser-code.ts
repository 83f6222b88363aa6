import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Html, html } from './html.ts';

/** What runs in the reader's browser: Vega with its two companions, and the page's own scripts and styles. */

const libraries = ['vega', 'vega-lite', 'vega-embed'] as const;
const ownScripts = ['drawing.js', 'page.js'] as const;
const ownFolder = fileURLToPath(new URL('../../assets/report/', import.meta.url));

export interface BrowserCode {
  readonly styles: Html;
  /** Script elements, in the order in which they run. */
  readonly scripts: Html;
  /** Lets these scripts run, and nothing leave the page. */
  readonly policy: string;
  /** As HTML comments at the end of the page. */
  readonly licences: Html;
}

export function browserCode(): BrowserCode {
  const codes = [...libraries.map(libraryCode), ...ownScripts.map(ownCode)];
  for (const code of codes) {
    if (/<\/script|<!--/i.test(code)) throw new Error('a script that would end its own element');
  }
  const hashes = codes.map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
  return {
    styles: html`<style>${new Html(readFileSync(join(ownFolder, 'page.css'), 'utf8'))}</style>`,
    scripts: html`${codes.map((code) => html`<script>${new Html(code)}</script>\n`)}`,
    policy: `default-src 'none'; script-src ${hashes.join(' ')}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`,
    licences: html`${libraries.map((name) => new Html(`<!--\n${licenceOf(name)}\n-->\n`))}`,
  };
}

const require = createRequire(import.meta.url);

const libraryFolder = (name: string): string => dirname(require.resolve(name));

function libraryCode(name: string): string {
  const code = readFileSync(join(libraryFolder(name), `${name}.min.js`), 'utf8');
  return code.replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n');
}

/** Names of one script are not those of the next. */
const ownCode = (name: string): string => `(() => {\n${readFileSync(join(ownFolder, name), 'utf8')}})();\n`;

/** Their licence (BSD, three clauses) asks to be passed on with the code. */
function licenceOf(name: string): string {
  const folder = join(libraryFolder(name), '..');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').replaceAll('-->', '-- >').trim()}`;
}
