// DeleteOptions as a body or as query parameters, read into one shape.

import { plainText, isRecord } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, unsupportedField } from "../field-error.ts";
import { badRequest, invalid } from "../refusals.ts";

export type PropagationPolicy = "Orphan" | "Background" | "Foreground";

export interface DeleteSettings {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: PropagationPolicy | undefined;
  readonly preconditions:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
}

export const PLAIN_DELETE: DeleteSettings = {
  dryRun: false,
  gracePeriodSeconds: undefined,
  propagationPolicy: undefined,
  preconditions: undefined,
};

const POLICIES: readonly string[] = ["Foreground", "Background", "Orphan"];

/** Throws StatusError 400 or 422. */
export function readDeleteSettings(options: unknown): DeleteSettings {
  if (options === undefined || options === null) return PLAIN_DELETE;
  if (!isRecord(options)) throw badRequest("couldn't get version/kind; json parse error");
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions } = options;
  const dryRun = Array.isArray(options["dryRun"]) ? options["dryRun"].map(String) : [];
  const causes: StatusCause[] = [];
  if (dryRun.some((value) => value !== "All")) causes.push(unsupportedDryRun(dryRun));
  if (propagationPolicy !== undefined && !POLICIES.includes(plainText(propagationPolicy))) {
    causes.push(unsupportedField("propagationPolicy", propagationPolicy, [...POLICIES, "nil"]));
  }
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    causes.push(
      invalidField(
        "propagationPolicy",
        propagationPolicy,
        "orphanDependents and deletionPropagation cannot be both set",
      ),
    );
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", causes);
  return {
    dryRun: dryRun.length > 0,
    gracePeriodSeconds: typeof gracePeriodSeconds === "number" ? gracePeriodSeconds : undefined,
    propagationPolicy: policyOf(propagationPolicy, orphanDependents),
    preconditions: isRecord(preconditions)
      ? {
          uid: textOf(preconditions["uid"]),
          resourceVersion: textOf(preconditions["resourceVersion"]),
        }
      : undefined,
  };
}

/** `dryRun` takes `All` and nothing else, on every verb. */
export function unsupportedDryRun(values: readonly string[]): StatusCause {
  return unsupportedField("dryRun", values, ["All"]);
}

function policyOf(policy: unknown, orphan: unknown): PropagationPolicy | undefined {
  if (typeof policy === "string") return policy as PropagationPolicy;
  if (orphan === true) return "Orphan";
  return orphan === false ? "Background" : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
