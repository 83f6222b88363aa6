import { describe, expect, it } from 'vitest';
import { explainedNames, explainRule, explainShipped } from '../../src/explain/index.ts';
import { add, defineOptimizer, multiply, negate, optimizers, sqrt, trajectory } from '../../src/index.ts';

const formula = (name: string): string =>
  explainShipped(name)
    .formula.map((l) => l.replace(/ +/g, ' '))
    .join('\n');

describe('the formula, read off the rule', () => {
  it.each([
    ['sgd', "theta' = theta - lr * g"],
    [
      'nesterov',
      "velocity' = momentum * velocity + lr * g\ntheta' = theta - (lr * g + momentum * velocity')",
    ],
    ['adagrad', "accumulator' = accumulator + g^2\ntheta' = theta - lr * g / sqrt(accumulator' + epsilon)"],
    [
      'adadelta',
      "v' = rho * v + (1 - rho) * g^2\na1 = sqrt(u + epsilon) / sqrt(v' + epsilon) * g\nu' = rho * u + (1 - rho) * a1^2\ntheta' = theta - lr * a1",
    ],
    [
      'adam',
      "m' = beta1 * m + (1 - beta1) * g\nv' = beta2 * v + (1 - beta2) * g^2\ntheta' = theta - lr * mScale * m' / (sqrt(v' * vScale) + epsilon)",
    ],
    [
      'adamax',
      "m' = beta1 * m + (1 - beta1) * g\nu' = max(beta2 * u, |g|)\ntheta' = theta - (lr * mScale * m' / u', or 0 where u' = 0)",
    ],
    ['sgdw', "velocity' = momentum * velocity + lr * g\ntheta' = theta - (velocity' + decay * theta)"],
  ])('%s', (name, expected) => {
    expect(formula(name)).toBe(expected);
  });

  it('keeps brackets that matter, and numbers that are no hyper-parameter', () => {
    const rule = defineOptimizer({
      name: 'odd',
      reference: '',
      hyper: { lr: 0.5, c: 0.5 },
      update: ({ p, g }, h, s) => ({
        step: multiply(s.lr, multiply(add(negate(g), multiply(0.5, p)), multiply(h.c, sqrt(add(p, 0.25))))),
      }),
    });
    expect(explainRule(rule).formula).toEqual([
      "theta' = theta - lr * (-g + 0.5 * theta) * c * sqrt(theta + 0.25)",
    ]);
  });

  it('gives the scalars of a rule from a file at some steps', () => {
    const rule = defineOptimizer({
      name: 'decaying',
      reference: '',
      hyper: { lr: 1 },
      scalars: (t) => ({ factor: 1 / t }),
      update: ({ g }, _h, s) => ({ step: multiply(multiply(s.lr, s.factor), g) }),
    });
    expect(explainRule(rule)).toMatchObject({
      scalars: { factor: '1 at t = 1, 0.5 at t = 2, 0.1 at t = 10, 0.01 at t = 100' },
      ...{ calls: null, state: {} },
    });
  });
});

describe('what is said of every rule', () => {
  it('covers every shipped rule', () => {
    expect(explainedNames).toEqual(expect.arrayContaining(Object.keys(optimizers)));
  });

  it.each(explainedNames)('%s: scalars of the formula explained, hyper-parameters that exist', (name) => {
    const { scalars, formula, choices, hyper, calls } = explainShipped(name);
    const used = Object.keys(
      explainRule(optimizers[name === 'adamw' ? 'adam' : name === 'sgdw' ? 'momentum' : name]).scalars,
    );
    expect(
      Object.keys(scalars)
        .filter((scalar) => scalar !== 'decay')
        .sort(),
    ).toEqual(used.sort());
    for (const scalar of Object.keys(scalars)) expect(formula.join('\n')).toContain(scalar);
    const known = hyper.map((h) => h.name);
    for (const { option } of choices) {
      for (const word of option?.match(/^\w+(?=$|[:,])|(?<=, )\w+(?=$|[:,])/g) ?? []) {
        if (!option!.startsWith('weightDecay')) expect(known).toContain(word);
      }
    }
    for (const { call, differs } of Object.values(calls!)) expect(call ?? differs).toBeTruthy();
  });

  it("maps the betas of the paper's first version to today's", () => {
    expect(explainShipped('adam').remarks.join(' ')).toMatch(
      /beta1 = 0\.1 is beta1 = 0\.9 .*beta2 = 0\.001 is beta2 = 0\.999/,
    );
  });

  it('suggests the nearest name', () => {
    expect(() => explainShipped('adamv')).toThrow(/^there is no rule "adamv"; did you mean "adamw?"\?$/);
    expect(() => explainShipped('xyzzy')).toThrow(/^there is no rule "xyzzy"; there are sgd, .*\.ts\.$/);
  });
});

it("computes the numeric example of AdamW: the paper's 0.00025 is 0.25 elsewhere at lr 0.001", async () => {
  const options = {
    start: [1, -3],
    gradients: [
      [0.2, 0.5],
      [-0.1, 0.4],
    ],
  };
  const paper = await trajectory(
    'adam',
    { lr: 0.001 },
    { ...options, weightDecay: { mode: 'decoupled', rate: 0.00025 } },
  );
  const libraries = await trajectory(
    'adam',
    { lr: 0.001 },
    { ...options, weightDecay: { mode: 'decoupled-lr', rate: 0.25 } },
  );
  for (const [i, p] of paper.entries()) {
    for (const [k, x] of p.entries()) expect(libraries[i]![k]).toBeCloseTo(x, 15);
  }
  expect(explainShipped('adamw').remarks.join(' ')).toContain('0.00025 / 0.001 = 0.25');
});
