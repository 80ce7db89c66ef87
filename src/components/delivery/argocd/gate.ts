// What a cluster's root waits for between waves: the health Argo CD sees in an Application among what another Application syncs.
// Argo CD has none of its own since 1.8; the setting is argocd-cm's, docs/operator-manual/health.md "Argocd App", v3.4. The script
// there looks at health alone, and since 3.4 what is still missing does not count in that (upgrading/3.3-3.4.md), so ours looks
// at the sync as well.

import type { DeliveryPlace } from "../../../model/index.ts";

export const HEALTH_SETTING = "resource.customizations.health.argoproj.io_Application";

/** On an Application that others wait for: until its sync has `begun`, it is `applied`, or it is `well`. */
export const AWAITED_ANNOTATION = "keelson.dev/awaited";
export type Awaited = NonNullable<DeliveryPlace["awaited"]>;

/** `behaviour/gate-health.ts` says the same in TypeScript. */
export const HEALTH_SCRIPT = `hs = { status = "Progressing", message = "not synced yet" }
local status = obj.status or {}
local operation = status.operationState or {}
local awaited = (obj.metadata.annotations or {})["${AWAITED_ANNOTATION}"]
local synced = operation.phase == "Succeeded" or (status.sync ~= nil and status.sync.status == "Synced")
if awaited == "begun" and (synced or operation.phase ~= nil) then
  hs.status = "Healthy"
  hs.message = ""
elseif operation.phase == "Failed" or operation.phase == "Error" then
  hs.status = "Degraded"
  hs.message = operation.message
elseif synced and operation.phase ~= "Running" then
  hs.status = "Healthy"
  hs.message = ""
  if awaited ~= "applied" and status.health ~= nil then
    hs.status = status.health.status
    hs.message = status.health.message
  end
end
return hs
`;
