// What makes no sense as an order of ranks.

import { defineDiagnostic } from "../../core/index.ts";

export const ranksOutOfOrder = defineDiagnostic<{
  platform: number;
  apps: number;
  batch: number;
}>({
  code: "priority/order",
  severity: "error",
  message: ({ platform, apps, batch }) =>
    `platform ${platform}, apps ${apps}, batch ${batch}: an app could push out what it stands on, or a job an app`,
  hint: () => "give platform the highest value and batch the lowest",
});
