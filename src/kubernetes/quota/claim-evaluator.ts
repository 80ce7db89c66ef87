// What a claim uses: itself and the storage it asks for, in total and of its class.
// Mirrors pkg/quota/v1/evaluator/core/persistent_volume_claims.go @v1.36.

import { compareQuantities } from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import type { ResourceList } from "../scheduling/index.ts";
import type { QuotaEvaluator } from "./evaluator.ts";
import { ONE, readQuantities } from "./quantities.ts";
import type { Quantities } from "./quantities.ts";
import type { ScopeRequirement } from "./resource-quota.ts";
import { matchesNames } from "./scope-values.ts";

interface Claim {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly volumeAttributesClassName?: string;
    readonly resources?: { readonly requests?: ResourceList };
  };
  readonly status?: {
    readonly allocatedResources?: ResourceList;
    readonly currentVolumeAttributesClassName?: string;
    readonly modifyVolumeStatus?: { readonly targetVolumeAttributesClassName?: string };
  };
}

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const CLASS_SUFFIX = ".storageclass.storage.k8s.io/";
const CLAIMS = "persistentvolumeclaims";
const STORAGE = "requests.storage";

export const claimEvaluator: QuotaEvaluator = {
  handles: ({ operation, subresource, object, oldObject }) => {
    if (subresource === "") return operation === "CREATE" || operation === "UPDATE";
    return subresource === "status" && replenishes(object, oldObject);
  },
  measures: (name) =>
    [CLAIMS, STORAGE, `count/${CLAIMS}`].includes(name) ||
    [CLAIMS, STORAGE].some((one) => name.endsWith(CLASS_SUFFIX + one)),
  usage: claimUsage,
  inScope: inClassScope,
};

function claimUsage(object: KubernetesObject): Quantities {
  const storageClass = classOf(object);
  const used = new Map([
    [CLAIMS, ONE],
    [`count/${CLAIMS}`, ONE],
  ]);
  if (storageClass !== "") used.set(storageClass + CLASS_SUFFIX + CLAIMS, ONE);
  const storage = storageOf(object as Claim);
  if (storage === undefined) return used;
  used.set(STORAGE, storage);
  if (storageClass !== "") used.set(storageClass + CLASS_SUFFIX + STORAGE, storage);
  return used;
}

function classOf({ metadata, ...claim }: KubernetesObject): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? (claim as Claim).spec?.storageClassName ?? "";
}

/** The larger of what is asked for and what has been allocated, in whole bytes. */
function storageOf({ spec, status }: Claim): Quantity | undefined {
  const asked = readQuantities(spec?.resources?.requests).get("storage");
  const allocated = readQuantities(status?.allocatedResources).get("storage");
  if (asked === undefined) return undefined;
  const larger =
    allocated !== undefined && compareQuantities(allocated, asked) > 0 ? allocated : asked;
  const { nanos } = ONE;
  return { ...larger, nanos: ((larger.nanos + nanos - 1n) / nanos) * nanos };
}

/** A change of status that changes what is used. */
function replenishes(
  object: KubernetesObject | undefined,
  old: KubernetesObject | undefined,
): boolean {
  if (object === undefined || old === undefined) return false;
  const allocated = (claim: Claim): unknown => claim.status?.allocatedResources?.["storage"];
  return (
    allocated(object as Claim) !== allocated(old as Claim) ||
    attributesClasses(object as Claim).join() !== attributesClasses(old as Claim).join()
  );
}

function inClassScope(requirement: ScopeRequirement, object: KubernetesObject): boolean {
  if (requirement.scopeName !== "VolumeAttributesClass") return false;
  return matchesNames(requirement, attributesClasses(object as Claim));
}

function attributesClasses({ spec, status }: Claim): readonly string[] {
  const names = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(names.flatMap((name) => (name ? [name] : [])))].toSorted();
}
