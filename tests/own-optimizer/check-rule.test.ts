import { describe, expect, it } from 'vitest';
import { add, divide, multiply, select, sqrt, square, subtract } from '../../src/graph/rule.ts';
import { defineOptimizer } from '../../src/optimizers/define.ts';
import { optimizers } from '../../src/optimizers/index.ts';
import { checkRule } from '../../src/own-optimizer/index.ts';

const found = async (optimizer: Parameters<typeof checkRule>[0]) => {
  const checks = await checkRule(optimizer);
  return new Map(checks.map(({ name, status, detail }) => [name, { status, detail }]));
};

describe('shipped rules', () => {
  it.each(Object.values(optimizers).map((rule) => [rule.name, rule] as const))(
    '%s passes every check and goes downhill',
    async (_name, rule) => {
      const checks = await checkRule(rule);
      expect(checks.filter(({ status }) => status === 'failed' || status === 'skipped')).toEqual([]);
      expect(checks.at(-1)!.detail).toMatch(/^downhill: cost 2\.20 to /);
      expect(checks).toHaveLength(8);
    },
  );

  it('says which hyper-parameters do nothing beside the defaults', async () => {
    const checks = await found(optimizers.adamax);
    expect(checks.get('hyper-parameters')!.detail).toContain(
      'without effect beside these defaults: epsilonPlacement',
    );
  });
});

describe('each check notices', () => {
  it('a division by 0', async () => {
    const rule = defineOptimizer({
      name: 'unguarded',
      reference: '',
      hyper: { lr: 0.1 },
      update: ({ g }, _h, s) => ({ step: multiply(s.lr, divide(g, sqrt(square(g)))) }),
    });
    const checks = await found(rule);
    expect(checks.get('finite')).toEqual({
      status: 'failed',
      detail:
        'The parameter is no longer finite at step 1 with gradients "zeros" on reference: ' +
        'keep denominators from becoming 0, by adding an epsilon or with divideOrZero.',
    });
    expect(checks.get('quadratic')!.status).toBe('skipped');
  });

  it('numbers that float32 does not hold', async () => {
    const rule = defineOptimizer({
      name: 'fourth-power',
      reference: '',
      hyper: { lr: 0.1, epsilon: 1 },
      state: { v: 0 },
      update: ({ g, v }, h, s) => {
        const power = square(square(square(square(g))));
        return { v: add(v, power), step: multiply(s.lr, divide(g, add(v, h.epsilon))) };
      },
    });
    const checks = await found(rule);
    expect(checks.get('finite')).toMatchObject({ status: 'failed' });
    expect(checks.get('finite')!.detail).toContain('state v is no longer finite within 60 steps');
    expect(checks.get('finite')!.detail).toContain('"large (1e6)" on wasm');
  });

  it('a rule that is not a function of its arguments', async () => {
    let calls = 0;
    const rule = defineOptimizer({
      name: 'counting',
      reference: '',
      hyper: { lr: 0.1 },
      scalars: () => ({ n: ++calls }),
      update: ({ g }, _h, s) => ({ step: multiply(multiply(s.lr, s.n), g) }),
    });
    const checks = await found(rule);
    expect(checks.get('finite')!.status).toBe('passed');
    expect(checks.get('deterministic')).toMatchObject({ status: 'failed' });
    expect(checks.get('deterministic')!.detail).toContain('without Math.random');
  });

  it('a rule that remembers something outside of its state', async () => {
    // It begins anew at the first step, so that two whole runs are the same.
    let sum = 0;
    const rule = defineOptimizer({
      name: 'hidden-memory',
      reference: '',
      hyper: { lr: 0.1 },
      scalars: (t) => {
        sum = t === 1 ? 1 : sum * 0.9;
        return { factor: sum };
      },
      update: ({ g }, _h, s) => ({ step: multiply(multiply(s.lr, s.factor), g) }),
    });
    const checks = await found(rule);
    expect(checks.get('deterministic')!.status).toBe('passed');
    expect(checks.get('resume-safe')).toMatchObject({ status: 'failed' });
    expect(checks.get('resume-safe')!.detail).toContain('keep what the rule remembers in state');
  });

  it('a rule that float32 cannot follow', async () => {
    const rule = defineOptimizer({
      name: 'cancelling',
      reference: '',
      hyper: { lr: 1, offset: 1e8 },
      update: ({ g }, h, s) => {
        const rounded = subtract(add(g, h.offset), h.offset);
        return { step: multiply(s.lr, multiply(0.01, select(rounded, 1, -1))) };
      },
    });
    const checks = await found(rule);
    expect(checks.get('same on all engines')).toMatchObject({ status: 'failed' });
    expect(checks.get('same on all engines')!.detail).toMatch(/wasm ends .* beside float64 .* of the way/);
  });

  it('a scalar that is not finite at a later step', async () => {
    const rule = defineOptimizer({
      name: 'growing',
      reference: '',
      hyper: { lr: 0.1 },
      scalars: (t) => ({ factor: Math.exp(t) }),
      update: ({ g }, _h, s) => ({ step: multiply(multiply(s.lr, s.factor), g) }),
    });
    const checks = await found(rule);
    expect(checks.get('scalars')).toEqual({
      status: 'failed',
      detail: 'The scalar factor is Infinity at step 10000: return a finite number for every t from 1 on.',
    });
    expect(checks.get('finite')!.status).toBe('skipped');
  });

  it('a learning rate of 0, and a value of a choice that fails', async () => {
    const still = defineOptimizer({
      name: 'still',
      reference: '',
      hyper: { lr: 0 },
      update: ({ g }, _h, s) => ({ step: multiply(s.lr, g) }),
    });
    expect((await found(still)).get('hyper-parameters')!.detail).toContain('a number above 0');
    const fragile = defineOptimizer({
      name: 'fragile',
      reference: '',
      hyper: { lr: 0.1, odd: false },
      update: ({ g }, h, s) => {
        if (h.odd) throw new Error('not written yet');
        return { step: multiply(s.lr, g) };
      },
    });
    expect((await found(fragile)).get('hyper-parameters')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('not written yet'),
    });
  });
});
