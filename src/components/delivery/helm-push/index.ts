// Push by Helm: nothing on the cluster delivers; whoever may reach it runs one script, which upgrades or installs every release.

import { defineSlotFiller } from "../../../model/index.ts";
import { helmPushSchema, type HelmPushOptions } from "./options.ts";
import { pushScript } from "./push-script.ts";

export const helmPushFiller = defineSlotFiller<HelmPushOptions>({
  name: "helm-push",
  slot: "delivery",
  area: "infrastructure/delivery",
  provides: ["pushDelivery"],
  options: helmPushSchema,
  emit: () => ({}),
  pushes: ({ cluster, path }, parts, options) => ({
    texts: [{ file: `clusters/${cluster.target}/push.sh`, text: pushScript(parts, options), path }],
  }),
});
