export { type Explanation, explainedNames, explainRule, explainShipped } from './explanation.ts';
export { libraries } from './notes.ts';
