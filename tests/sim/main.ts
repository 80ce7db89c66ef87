// `npm run sim -- --seed 123`: runs of the simulation until one fails. Without a seed it draws one and says which.

import { createRealClock } from "../../src/core/index.ts";
import { describeFailure } from "./describe-failure.ts";
import { simulate } from "./simulate.ts";

async function main(args: readonly string[]): Promise<void> {
  const option = (name: string): number | undefined => {
    const at = args.indexOf(`--${name}`);
    return at === -1 ? undefined : Number(args[at + 1]);
  };
  const clock = createRealClock();
  const seed = option("seed") ?? clock.now() % 1_000_000;
  const runs = option("runs") ?? (args.includes("--seed") ? 1 : 20);
  const ticks = option("ticks");
  for (let index = 0; index < runs; index += 1) {
    const begun = clock.now();
    const result = await simulate({
      seed: seed + index,
      ...(ticks === undefined ? {} : { ticks }),
    });
    const took = `${result.writes} writes, ${clock.now() - begun} ms`;
    const isFine = result.violations.length === 0;
    process.stdout.write(`seed ${seed + index}  ${isFine ? "fine" : "FAILED"}  ${took}\n`);
    if (isFine) continue;
    process.stdout.write(`${describeFailure(result, ticks)}\n`);
    process.exitCode = 1;
    if (!args.includes("--keep-going")) return;
  }
}

await main(process.argv.slice(2));
