// What can be wrong with a graph.

import { defineDiagnostic } from "../core/index.ts";

export const danglingFlow = defineDiagnostic<{
  readonly flow: string;
  readonly namespace: string;
  readonly workload: string;
}>({
  code: "graph/dangling-flow",
  severity: "error",
  message: ({ flow, namespace, workload }) =>
    `flow ${flow} ends at ${namespace}/${workload}, which nothing on this cluster runs`,
  hint: () => "choose a provider that runs on this cluster, or one that says where the service is",
});
