import { Option } from 'commander';

/** `-o, --output`: the same folder for every command that reads or writes results. */
export function resultsOption(): Option {
  return new Option('-o, --output <folder>', 'results folder').default('results');
}
