export {
  type Compared,
  type Comparison,
  compareOptimizers,
  compareTables,
  type Side,
} from './compare-tables.ts';
export type { PairNames } from './pair-names.ts';
export { type Place, placePairs, placesIn } from './places.ts';
