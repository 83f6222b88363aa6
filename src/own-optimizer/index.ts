export { checkRule, type RuleCheck } from './check-rule.ts';
export { experimentTemplate, optimizerTemplate } from './templates.ts';
