// Starts the shop and ends it in good order: telemetry before everything that uses it, and after everything that uses it.

import { startTelemetry } from "./telemetry/start-telemetry.ts";
import { log, messageOf } from "./telemetry/log.ts";

const telemetry = startTelemetry(process.env);

async function main(): Promise<void> {
  const { startStorefront } = await import("./start-storefront.ts");
  const storefront = await startStorefront(process.env, telemetry.serveMetrics);
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    void storefront
      .stop()
      .then(() => telemetry.stop())
      .then(() => process.exit(0));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}

try {
  await main();
} catch (error) {
  log.error("cannot start", { error: messageOf(error) });
  await telemetry.stop();
  process.exitCode = 1;
}
