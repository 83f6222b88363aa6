import { z } from 'zod';
import { checkAgainst } from './check.ts';
import type { Mistake } from './issue.ts';
import { checkModel, type ModelSize } from './model-graph.ts';
import { contentShape, type SpecContent } from './schema.ts';

/** The model of an optimizer's entry that changes the experiment's. */
export interface EntryModel {
  readonly model: SpecContent['model'];
  readonly size: ModelSize;
}

/** What an entry cannot change: it is the same kind of model for all, and every file is named once. */
const fixed = ['type', 'file'];

/** Merges the `model` of every entry that has one over the experiment's, key by key, and checks what comes out. */
export async function entryModels(
  content: SpecContent,
): Promise<{ models: ReadonlyMap<string, EntryModel>; mistakes: Mistake[] }> {
  const models = new Map<string, EntryModel>();
  const mistakes: Mistake[] = [];
  for (const [name, { model: patch }] of Object.entries(content.optimizers)) {
    if (patch === undefined) continue;
    const path = ['optimizers', name, 'model'];
    const refused = ['file', 'problem'].includes(content.model.type)
      ? path
      : fixed.filter((key) => Object.hasOwn(patch, key)).map((key) => [...path, key])[0];
    if (refused !== undefined) {
      const message = `${refused.join('.')}: an entry changes settings of a shipped network, not which one it is`;
      mistakes.push({ code: 'invalid-value', path: refused, at: 'value', message });
      continue;
    }
    const merged = { optimizers: { [name]: { model: { ...content.model, ...patch } } } };
    const checked = checkAgainst(schemaFor(name), merged);
    mistakes.push(...checked.mistakes);
    if (checked.value === undefined) continue;
    const model = checked.value.optimizers[name]!.model;
    const { size, mistakes: misfits } = await checkModel({ ...content, model }, undefined);
    mistakes.push(
      ...misfits.map((misfit) => ({
        ...misfit,
        path,
        message: `${path.join('.')}${misfit.message.slice('model'.length)}`,
      })),
    );
    if (size !== undefined) models.set(name, { model, size });
  }
  return { models, mistakes };
}

const schemaFor = (name: string) =>
  z.object({ optimizers: z.object({ [name]: z.object({ model: contentShape.model }) }) });
