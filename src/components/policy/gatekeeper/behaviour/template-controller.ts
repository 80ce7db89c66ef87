// Makes a kind of every template and says in its status that it did. Mirrors gatekeeper
// pkg/controller/constrainttemplate/constrainttemplate_controller.go, v3.23.

import { isRecord } from "../../../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  KindRef,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import { TEMPLATE } from "../template.ts";
import { codeOf, kindOf } from "./constraint.ts";

const CRD: KindRef = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
};
const MANAGER = "gatekeeper";

export const templateController: ControllerFactory = (context) => {
  const templates = context.informer(TEMPLATE);
  const definitions = context.informer(CRD);
  return {
    name: "gatekeeper-templates",
    setup: (enqueue) => templates.onChange((current) => current && enqueue(current.metadata.name)),
    async reconcile(name) {
      const template = templates.get(name);
      if (template === undefined || isReported(template)) return;
      const definition = definitionOf(template);
      if (definitions.get(definition.metadata.name) === undefined) {
        await context.api.apply(definition, { fieldManager: MANAGER });
      }
      await report(context, template);
    },
  };
};

function isReported({ metadata, status }: KubernetesObject): boolean {
  const [first] = isRecord(status) && Array.isArray(status["byPod"]) ? status["byPod"] : [];
  return isRecord(first) && first["observedGeneration"] === metadata.generation;
}

async function report(
  { api, event }: ControllerContext,
  template: KubernetesObject,
): Promise<void> {
  const { source, standsIn } = codeOf(template);
  if (standsIn !== undefined) {
    const text = `an embedded cluster evaluates no Rego; the platform's own rule ${standsIn.name} stands in`;
    event(template, "Normal", "StandsIn", text);
  }
  const errors =
    source === undefined
      ? [{ code: "not_evaluated", message: "an embedded cluster evaluates no Rego" }]
      : undefined;
  const { name, generation } = template.metadata;
  const byPod = {
    id: "gatekeeper-controller-manager",
    observedGeneration: generation,
    ...(errors === undefined ? {} : { errors }),
  };
  const body = { status: { created: source !== undefined, byPod: [byPod] } };
  await api.patch(
    { ...TEMPLATE, name },
    { type: "merge", body },
    { subresource: "status", fieldManager: MANAGER },
  );
}

function definitionOf(template: KubernetesObject): KubernetesObject {
  const kind = kindOf(template);
  const name = kind.toLowerCase();
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    ...CRD,
    metadata: { name: `${name}.constraints.gatekeeper.sh` },
    spec: {
      group: "constraints.gatekeeper.sh",
      names: { kind, listKind: `${kind}List`, plural: name, singular: name },
      scope: "Cluster",
      versions: [
        {
          name: "v1beta1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: { type: "object", properties: { spec: anything, status: anything } },
          },
        },
      ],
    },
  };
}
