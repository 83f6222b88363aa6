import { bytes } from '../format.ts';
import type { Check } from './check.ts';

export async function dataChecks(folder: string): Promise<Check[]> {
  const { describeDatasets } = await import('../../datasets/index.ts');
  return (await describeDatasets(folder)).map(({ name, state, bytesToDownload }) => ({
    name: `data set ${name}`,
    verdict: state === 'ready' ? 'ok' : 'limited',
    found: state,
    ...(state === 'ready'
      ? {}
      : {
          remedy: `adam-repro data fetch ${name} (${bytes(bytesToDownload)}), or leave it to the first run`,
        }),
  }));
}
