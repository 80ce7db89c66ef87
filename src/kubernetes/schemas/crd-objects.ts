// Fact table → CustomResourceDefinition objects, as an embedded cluster installs them. They carry no prose, so they are
// no replacement for the published files on a real cluster.

import { isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import type { CompactDefinition, FactText } from "./compact.ts";
import type { FactTable } from "./decode-facts.ts";
import { decodeFacts } from "./decode-facts.ts";
import { openApiOf } from "./openapi-schema.ts";

/** One object per definition of the table, in the table's order. Labels are left to the caller. */
export function crdObjects(facts: FactText): KubernetesObject[] {
  const table = decodeFacts(facts);
  return (table.table.definitions ?? []).map((definition) => crdObject(definition, table));
}

function crdObject({ annotations, spec }: CompactDefinition, table: FactTable): KubernetesObject {
  const names = isRecord(spec["names"]) ? spec["names"] : {};
  const versions = Array.isArray(spec["versions"]) ? spec["versions"].filter(isRecord) : [];
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${String(names["plural"])}.${String(spec["group"])}`,
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      ...spec,
      conversion: { strategy: "None" },
      versions: versions.map((version) => {
        const openAPIV3Schema = openApiOf(table.schema(Number(version["schema"])));
        return { ...version, schema: { openAPIV3Schema } };
      }),
    },
  };
}
