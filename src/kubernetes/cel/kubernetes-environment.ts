// The environment every Kubernetes expression is compiled in (apiserver pkg/cel/environment/base.go at 1.36): the standard library, the
// extensions Kubernetes turns on, and its own libraries. There is no `cel.bind` and no `math`, as in the real one.

import * as types from "./check/cel-type.ts";
import { createEnvironment } from "./create-environment.ts";
import type { Environment } from "./environment.ts";
import { AUTHORIZER } from "./library/authorizer.ts";
import { CONVERSIONS } from "./library/conversions.ts";
import { LISTS } from "./library/lists.ts";
import { NAMED_FORMATS } from "./library/named-format.ts";
import { NETWORK } from "./library/network.ts";
import { OPERATORS } from "./library/operators.ts";
import { OPTIONALS } from "./library/optionals.ts";
import { QUANTITY } from "./library/quantity.ts";
import { REGEX } from "./library/regex.ts";
import { SEMVER } from "./library/semver.ts";
import { STRINGS } from "./library/strings.ts";
import { TIME } from "./library/time.ts";
import { URLS } from "./library/url.ts";

let base: Environment | undefined;

/** Made when the first expression needs it. */
export function kubernetesEnvironment(): Environment {
  return (base ??= createEnvironment({
    types: [
      types.BOOL,
      types.INT,
      types.UINT,
      types.DOUBLE,
      types.STRING,
      types.BYTES,
      types.NULL,
      types.TIMESTAMP,
      types.DURATION,
      types.listOf(types.DYN),
      types.mapOf(types.DYN, types.DYN),
      types.optionalOf(types.DYN),
      { is: "type" },
      types.opaque("net.IP"),
      types.opaque("net.CIDR"),
    ],
    libraries: [
      OPERATORS,
      CONVERSIONS,
      TIME,
      STRINGS,
      LISTS,
      REGEX,
      OPTIONALS,
      URLS,
      NETWORK,
      QUANTITY,
      SEMVER,
      NAMED_FORMATS,
      AUTHORIZER,
    ],
  }));
}
