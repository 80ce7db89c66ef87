// rclone, configured by variables alone: `RCLONE_CONFIG_<REMOTE>_<OPTION>` makes a remote, no file is needed.
// Source: rclone documentation, "Environment variables" and "Amazon S3 Storage Providers".

import type { Binding, EnvVar } from "../../model/index.ts";
import { invariant } from "../../core/index.ts";
import { variablePrefix } from "../bindings/index.ts";

/** Variables that make a bucket's binding the remote `name`; address objects as `<name>:<bucket>/<path>`. */
export function rcloneRemote(name: string, binding: Binding): EnvVar[] {
  const prefix = `RCLONE_CONFIG_${name.toUpperCase()}`;
  const of = (suffix: string, option: string): EnvVar => ({
    ...bucketVariable(binding, suffix),
    name: `${prefix}_${option}`,
  });
  return [
    { name: `${prefix}_TYPE`, value: "s3" },
    { name: `${prefix}_PROVIDER`, value: providerOf(binding) },
    of("_ENDPOINT", "ENDPOINT"),
    of("_REGION", "REGION"),
    of("_ACCESS_KEY_ID", "ACCESS_KEY_ID"),
    of("_SECRET_ACCESS_KEY", "SECRET_ACCESS_KEY"),
    // The keys may write into the bucket, not make one.
    { name: `${prefix}_NO_CHECK_BUCKET`, value: "true" },
  ];
}

/** Settings every run needs on a read-only root file system. */
export const RCLONE_SETTINGS: readonly EnvVar[] = [
  { name: "HOME", value: "/tmp" },
  { name: "RCLONE_CACHE_DIR", value: "/tmp/rclone" },
];

/** The bucket's real name behind a binding. */
export function bucketNameOf(binding: Binding): string {
  const variable = bucketVariable(binding, "");
  invariant("value" in variable, "a bucket's name is no secret");
  return variable.value;
}

function bucketVariable({ intent, env }: Binding, suffix: string): EnvVar {
  const name = `${variablePrefix(intent.name)}_BUCKET${suffix}`;
  const variable = env.find((one) => one.name === name);
  invariant(variable, `the binding of bucket ${intent.name} sets ${name}`);
  return variable;
}

/** rclone knows the quirks of Amazon's service by name; everything else it treats as plain S3. */
function providerOf({ endpoint }: Binding): string {
  const amazon = endpoint.kind === "external" && endpoint.name.endsWith(".amazonaws.com");
  return amazon ? "AWS" : "Other";
}
