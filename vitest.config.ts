import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.test.ts', '{machines,sim,scenarios,site}/**/*.test.ts'],
    // Vitest leaves a processor to whoever sits before it; on two that would be every second one.
    maxWorkers: '100%',
    maxConcurrency: 2,
    // No test changes what another could see: there is nothing to mock in pure functions. Loading the house once takes half the time.
    isolate: false,
    testTimeout: 300_000,
    hookTimeout: 240_000,
    // What a page shows comes a moment after what was done to it, on a loaded machine a long one.
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
});
