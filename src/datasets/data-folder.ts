import { resolve } from 'node:path';

/**
 * Absolute path of the folder that holds the data sets: `ADAM_REPRO_DATA` where it is set and not empty, else `data`
 * in the current folder. The folder need not exist.
 */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment.ADAM_REPRO_DATA || 'data');
}
