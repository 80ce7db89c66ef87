// Injected containers of a pod that runs as processes: they keep their place in its order, and nothing else. Its connections
// are carried by the runtime, not by a proxy of the project.

import type { LocalProvider } from "../../model/index.ts";
import { SIMULATED_SIDECAR } from "./sidecar.ts";

export function sidecarPlaces(
  system: string,
  { proxy, validator }: { readonly proxy: string; readonly validator: string },
): LocalProvider {
  const places: Readonly<Record<string, readonly string[]>> = {
    [validator]: ["true"],
    [proxy]: ["tail", "-f", "/dev/null"],
  };
  return {
    prepare: async () => ({
      find: ({ metadata }, { name }) => {
        const isInjected = metadata.annotations?.[SIMULATED_SIDECAR] !== undefined;
        const command = isInjected ? places[name] : undefined;
        return command && { command, directory: "/" };
      },
      statements: [
        {
          system,
          outcome: "simulated",
          text: `${proxy} only stands beside the processes of a pod`,
        },
      ],
    }),
  };
}
