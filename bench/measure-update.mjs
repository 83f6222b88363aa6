// One process that times the optimizer's pass alone on 1,796,010 parameters, wasm engine. Argument: a shipped rule,
// or `user` for a rule as a user would write it. Prints one JSON line: { ms }.
import { performance } from 'node:perf_hooks';
import { loadEngine } from '../dist/engines/index.js';
import { feed, variable } from '../dist/graph/ops/index.js';
import * as api from '../dist/index.js';
import { resolveHyper } from '../dist/optimizers/index.js';
import { scalarValues, traceRule } from '../dist/optimizers/trace.js';

const size = 1_796_010;
/** AdaBelief (Zhuang et al. 2020): not shipped, so it stands for a user's rule. */
const user = api.defineOptimizer({
  name: 'adabelief',
  reference: 'Zhuang et al. 2020',
  hyper: { lr: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  state: { m: 0, s: 0 },
  scalars: (t, h) => ({ c1: 1 - h.beta1 ** t, c2: 1 - h.beta2 ** t }),
  update: ({ g, m, s }, h, { lr, c1, c2 }) => {
    const nextM = api.add(api.multiply(h.beta1, m), api.multiply(1 - h.beta1, g));
    const surprise = api.square(api.subtract(g, nextM));
    const nextS = api.add(api.add(api.multiply(h.beta2, s), api.multiply(1 - h.beta2, surprise)), h.epsilon);
    const root = api.add(api.sqrt(api.divide(nextS, c2)), h.epsilon);
    return { m: nextM, s: nextS, step: api.divide(api.multiply(lr, api.divide(nextM, c1)), root) };
  },
});

const optimizer = process.argv[2] === 'user' ? user : api.optimizers[process.argv[2]];
const hyper = resolveHyper(optimizer);
const rule = traceRule(optimizer, hyper);
const parameter = variable('parameter', [size]);
const gradient = variable('gradient', [size]);
const scalars = feed('scalars', [rule.scalars.length]);
const state = Object.fromEntries(Object.keys(rule.state).map((slot) => [slot, variable(slot, [size])]));
const none = { feeds: [], fetches: {}, assignments: [], updates: [] };
const values = feed('gradient', [size]);
const program = {
  variables: [parameter, gradient, ...Object.values(state)].map((node) => ({ node, role: 'state' })),
  signatures: {
    initialize: { ...none, feeds: [values], assignments: [{ variable: gradient, value: values }] },
    step: { ...none, feeds: [scalars], updates: [{ rule, parameter, gradient, state, scalars }] },
    evaluate: none,
    read: none,
    restore: none,
  },
};
const executable = await (await loadEngine('wasm')).compile(program);
executable.run('initialize', { gradient: Float32Array.from({ length: size }, (_, i) => Math.sin(i) * 1e-3) });
const times = [];
for (let t = 1; t <= 60; t++) {
  const feeds = { scalars: scalarValues(optimizer, hyper, null, t, 1) };
  const start = performance.now();
  executable.run('step', feeds);
  times.push(performance.now() - start);
}
const late = times.slice(10).sort((a, b) => a - b);
console.log(JSON.stringify({ ms: late[Math.floor(late.length / 2)] }));
