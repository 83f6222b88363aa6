import type { NetworkSettings } from '../spec/run.ts';
import { cnn } from './cnn.ts';
import { logisticRegression } from './logistic-regression.ts';
import { mlp } from './mlp.ts';
import type { Model } from './model.ts';
import { vae } from './vae.ts';

export { type ModelBuilder, modelBuilder } from './build.ts';
export { loadModelFile } from './load.ts';
export type { Model, ModelContext, ModelInput, ModelOutput } from './model.ts';

/** A shipped model for its settings. */
export function buildModel(settings: NetworkSettings): Model {
  switch (settings.type) {
    case 'logistic-regression':
      return logisticRegression(settings);
    case 'mlp':
      return mlp(settings);
    case 'cnn':
      return cnn(settings);
    case 'vae':
      return vae(settings);
  }
}
