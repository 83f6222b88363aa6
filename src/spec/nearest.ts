export { nameHint, nearestName } from '../optimizers/nearest-name.ts';
