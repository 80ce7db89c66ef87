// Variables as a container lists them.

import type { EnvVar } from "../../model/index.ts";
import type { Fields } from "./pod-template.ts";

/** Order is kept: a value may refer to an earlier variable with `$(NAME)`. */
export function environmentOf(variables: readonly EnvVar[]): Fields[] {
  return variables.map((variable) =>
    "value" in variable
      ? { name: variable.name, value: variable.value }
      : {
          name: variable.name,
          valueFrom: { secretKeyRef: { name: variable.secret, key: variable.key } },
        },
  );
}
