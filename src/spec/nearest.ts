export { nearestName } from '../optimizers/nearest-name.ts';
