// What a simulated pod answers over HTTP: who it is and that it is simulated, in the headers and in the body.

import type { KubernetesObject } from "../../kubernetes/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Pod extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly image?: string }[];
  };
}

export function simulatedAnswer(
  pod: KubernetesObject,
  request: {
    readonly method: string;
    readonly host: string;
    readonly path: string;
    readonly route: string;
  },
): Answer {
  const { metadata, spec } = pod as Pod;
  const facts = {
    simulated: true,
    pod: metadata.name,
    namespace: metadata.namespace ?? "",
    node: spec.nodeName ?? "",
    image: spec.containers[0]?.image ?? "",
    route: request.route,
    request: `${request.method} ${request.host}${request.path}`,
  };
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-keelson-simulated": "true",
      "x-keelson-pod": facts.pod,
      "x-keelson-node": facts.node,
    },
    body: `${JSON.stringify(facts, undefined, 2)}\n`,
  };
}

/** An answer of the ingress itself: nothing behind it could be asked. */
export function ingressRefusal(status: number, reason: string): Answer {
  const headers = { "content-type": "application/json", server: "keelson-ingress" };
  return { status, headers, body: `${JSON.stringify({ status, reason })}\n` };
}
