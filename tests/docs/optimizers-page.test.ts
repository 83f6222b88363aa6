import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optimizers } from '../../src/optimizers/index.ts';
import { optimizersPage } from './optimizers-page.ts';
import { root } from './root.ts';

describe('docs/optimizers.md', () => {
  it('is what the rules say of themselves', async () => {
    await expect(optimizersPage()).toMatchFileSnapshot(join(root, 'docs/optimizers.md'));
  });

  it.each(Object.keys(optimizers))('has a section on %s', (name) => {
    expect(readFileSync(join(root, 'docs/optimizers.md'), 'utf8')).toContain(`\n## ${name}\n`);
  });
});
