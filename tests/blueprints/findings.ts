// What the check finds in a compiled blueprint, beyond what only its owner can do.

import { registry } from "../../src/components/index.ts";
import { formatPath } from "../../src/core/index.ts";
import { builtinKinds, createKindRegistry, type KindRegistry } from "../../src/kubernetes/index.ts";
import type { Compiled } from "../../src/model/index.ts";
import { loadRules, verify } from "../../src/verifier/index.ts";

/** What nobody but the owner of a platform can do. */
const LEFT_TO_PEOPLE = ["platform/not-emitted-yet", "verify/unsealed-secrets"];

let kinds: Promise<KindRegistry> | undefined;

/** `code path` of each. */
export async function unexpectedFindings(compiled: Compiled): Promise<string[]> {
  kinds ??= allKinds();
  const found = verify({ compiled, kinds: await kinds, ...(await loadRules(compiled)) });
  return found
    .filter(({ code }) => !LEFT_TO_PEOPLE.includes(code))
    .map(({ code, path }) => `${code} ${formatPath(path)}`);
}

async function allKinds(): Promise<KindRegistry> {
  const facts = registry.components.flatMap((component) =>
    "crds" in component && component.crds ? [component.crds()] : [],
  );
  return createKindRegistry(builtinKinds(), ...(await Promise.all(facts)).flat());
}
