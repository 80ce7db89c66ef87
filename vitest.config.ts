import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "tests/**/*.test.ts",
      "bench/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    // Blueprints and fixtures import the package by its own name, as a user's file does.
    alias: {
      "keelson/cluster": new URL("src/cluster/index.ts", import.meta.url).pathname,
      keelson: new URL("src/index.ts", import.meta.url).pathname,
    },
    reporters: ["default", "./tests/skip-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Of tests in one file that may run side by side.
    maxConcurrency: 2,
    // What is written in Go and called here ends before it has garbage worth collecting.
    env: { GOGC: "400" },
    // Files share a worker's modules: nothing in them is changed by a test, and loading them anew for every file was
    // half of the whole time.
    isolate: false,
  },
});
