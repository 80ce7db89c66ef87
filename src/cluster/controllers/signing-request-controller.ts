// What the controllers of requests for certificates have in common: each looks at the requests that are due and writes a status.

import { informerOf, unlessOvertaken } from "../../kubernetes/index.ts";
import type { ControllerFactory } from "../../kubernetes/index.ts";
import { SIGNING_REQUEST } from "./certificate-kinds.ts";
import type { CertificateSigningRequest } from "./certificate-kinds.ts";

export interface SigningRequestStep {
  readonly name: string;
  /** Where it is written. */
  readonly subresource: "approval" | "status";
  isDue(request: CertificateSigningRequest): boolean;
  /** Undefined: the request stays as it is. */
  decide(request: CertificateSigningRequest): CertificateSigningRequest["status"];
}

export function signingRequestController(step: SigningRequestStep): ControllerFactory {
  return (context) => {
    const requests = informerOf(context, SIGNING_REQUEST);
    return {
      name: step.name,
      setup(enqueue) {
        requests.onChange((request) => {
          if (request !== undefined && step.isDue(request)) enqueue(request.metadata.name);
        });
      },
      async reconcile(name) {
        const request = requests.get(name);
        if (request === undefined || !step.isDue(request)) return;
        const status = step.decide(request);
        if (status === undefined) return;
        const { subresource } = step;
        await unlessOvertaken(context.api.update({ ...request, status }, { subresource }));
      },
    };
  };
}
