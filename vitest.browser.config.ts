import { defineConfig, mergeConfig } from "vitest/config";

import everything from "./vitest.config.ts";

const base = { ...everything, test: { ...everything.test, include: [] } };

export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: ["tests/browser/**/*.browser.ts"],
      testTimeout: 240_000,
      hookTimeout: 240_000,
      maxWorkers: 1,
    },
  }),
);
