export {
  type Compared,
  type Comparison,
  compareOptimizers,
  compareTables,
} from './compare-tables.ts';
export type { Side } from './numbers.ts';
export type { PairNames } from './pair-names.ts';
export { type Place, placePairs, placesIn } from './places.ts';
