// How PersistentVolumeClaims deviate. Mirrors kubernetes pkg/registry/core/persistentvolumeclaim/strategy.go and
// pkg/api/persistentvolumeclaim/util.go @v1.36, with the gate CrossNamespaceVolumeDataSource off as it is by default.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { PERSISTENT_VOLUME_CLAIM } from "../defaults/core.ts";
import type { Strategy } from "../strategy.ts";
import { validateClaimStatus, validateClaimUpdate } from "../validation/claim-changes.ts";
import { validateNewClaim } from "../validation/claims.ts";
import { recordAt, textAt } from "../validation/fields.ts";
import { whenAnnotated } from "../validation/metadata.ts";

type Scope = Readonly<Record<string, unknown>>;

export const CLAIM_STRATEGY: Partial<Strategy> = {
  defaults: PERSISTENT_VOLUME_CLAIM,
  prepareForCreate: (claim) => ({ ...withSources(claim), status: { phase: "Pending" } }),
  prepareForUpdate: withSources,
  validateCreate: validateNewClaim,
  validateUpdate: validateClaimUpdate,
  validateMetadata: whenAnnotated(validateClaimUpdate),
  validateStatus: validateClaimStatus,
};

/** Both fields tell of one source, whichever the client wrote. */
function withSources(claim: KubernetesObject, old?: KubernetesObject): KubernetesObject {
  const spec = recordAt(claim, "spec");
  if (spec["dataSource"] === undefined && spec["dataSourceRef"] === undefined) return claim;
  const before = recordAt(old ?? {}, "spec");
  const known = withoutDropped(spec, before);
  const { dataSource, dataSourceRef } = known;
  if ((dataSource === undefined) === (dataSourceRef === undefined)) {
    return known === spec ? claim : { ...claim, spec: known };
  }
  return { ...claim, spec: withBoth(known) };
}

function withBoth(spec: Scope): Scope {
  const { dataSource, dataSourceRef } = spec;
  if (dataSourceRef === undefined) return { ...spec, dataSourceRef: dataSource };
  const { namespace, ...local } = recordAt(spec, "dataSourceRef");
  const isElsewhere = namespace !== undefined && namespace !== "";
  return isElsewhere ? spec : { ...spec, dataSource: local };
}

/** What a gate keeps from claims, and sources that were never served, are left out without a word. */
function withoutDropped(spec: Scope, before: Scope): Scope {
  const { dataSource, dataSourceRef, ...others } = spec;
  const elsewhere = textAt(recordAt(spec, "dataSourceRef"), "namespace") !== "";
  const isDropped = elsewhere && before["dataSourceRef"] === undefined;
  const hadSource = before["dataSource"] !== undefined || before["dataSourceRef"] !== undefined;
  const isAlone = dataSourceRef === undefined || isDropped;
  const isServed = hadSource || !isAlone || isPlainSource(recordAt(spec, "dataSource"));
  if (!isDropped && isServed) return spec;
  return {
    ...others,
    ...(isServed && dataSource !== undefined ? { dataSource } : {}),
    ...(isDropped || dataSourceRef === undefined ? {} : { dataSourceRef }),
  };
}

const SNAPSHOTS = "snapshot.storage.k8s.io";

function isPlainSource(source: Scope): boolean {
  const [group, kind] = [textAt(source, "apiGroup"), textAt(source, "kind")];
  if (kind === "PersistentVolumeClaim") return group === "";
  return kind === "VolumeSnapshot" && group === SNAPSHOTS;
}
