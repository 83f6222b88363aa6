import { defineConfig } from 'vitest/config';

/** The long campaigns, `npm run test:faults`: every test of this folder with everything that it samples else. */
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    env: { FAULTS: 'all' },
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
  },
});
