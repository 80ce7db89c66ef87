// Says of every APIService whether it can be reached. Mirrors kube-aggregator pkg/apiserver/controllers/status
// (local and remote available_controller.go). An API behind a Service is answered when an implementation of it is at
// hand in this process and the Service has a ready pod, which stands for the server that would run there.

import { formatInstant } from "../../core/index.ts";
import { informerOf } from "../../kubernetes/index.ts";
import type {
  Condition,
  Controller,
  ControllerContext,
  ControllerFactory,
  KindToken,
  KubernetesObject,
} from "../../kubernetes/index.ts";
import { withCondition } from "./conditions.ts";
import { ENDPOINT_SLICE, SERVICE } from "./service-kinds.ts";
import { writeStatus } from "./write-status.ts";

export interface ApiServiceObject extends KubernetesObject {
  readonly spec: {
    readonly group?: string;
    readonly version?: string;
    /** Absent: local to this server. */
    readonly service?: {
      readonly namespace?: string;
      readonly name?: string;
      readonly port?: number;
    };
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export const API_SERVICE: KindToken<ApiServiceObject> = {
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
};

const SERVICE_NAME = "kubernetes.io/service-name";

type Finding = Pick<Condition, "status" | "reason" | "message">;

/** `implemented` tells whether anything in this process can answer for a group and version. */
export function apiServiceAvailability(
  implemented: (group: string, version: string) => boolean,
): ControllerFactory {
  return (context) => createController(context, implemented);
}

function createController(
  context: ControllerContext,
  implemented: (group: string, version: string) => boolean,
): Controller {
  const apiServices = informerOf(context, API_SERVICE);
  const services = informerOf(context, SERVICE);
  const slices = informerOf(context, ENDPOINT_SLICE);

  const isReady = (namespace: string, name: string): boolean =>
    slices
      .list(namespace)
      .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === name)
      .some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
  const look = ({ spec }: ApiServiceObject): Finding => {
    const { group = "", version = "", service } = spec;
    if (service === undefined) return LOCAL;
    const { namespace = "", name = "" } = service;
    if (services.get(name, namespace) === undefined) {
      const message = `service/${name} in "${namespace}" is not present`;
      return { status: "False", reason: "ServiceNotFound", message };
    }
    if (!isReady(namespace, name)) {
      const message = `endpoints for service/${name} in "${namespace}" have no addresses with port name ""`;
      return { status: "False", reason: "MissingEndpoints", message };
    }
    return implemented(group, version) ? PASSED : UNREACHABLE;
  };

  return {
    name: "apiservice-status-available",
    setup(enqueue) {
      apiServices.onChange((current) => current && enqueue(current.metadata.name));
      const enqueueOf = (namespace: string | undefined, name: string | undefined): void => {
        for (const { metadata, spec } of apiServices.list()) {
          const { service } = spec;
          if (service?.name === name && service?.namespace === namespace) enqueue(metadata.name);
        }
      };
      services.onChange((current, old) => {
        const metadata = (current ?? old)?.metadata;
        if (current === undefined || old === undefined) {
          enqueueOf(metadata?.namespace, metadata?.name);
        }
      });
      slices.onChange((current, old) => {
        const metadata = (current ?? old)?.metadata;
        enqueueOf(metadata?.namespace, metadata?.labels?.[SERVICE_NAME]);
      });
    },
    async reconcile(name) {
      const apiService = apiServices.get(name);
      if (apiService === undefined) return;
      const { status } = apiService;
      const update = { type: "Available", ...look(apiService) };
      const at = formatInstant(context.clock.now());
      const conditions = withCondition(status?.conditions, update, at);
      await writeStatus(context, apiService, { ...status, conditions });
    },
  };
}

const LOCAL: Finding = {
  status: "True",
  reason: "Local",
  message: "Local APIServices are always available",
};
const PASSED: Finding = { status: "True", reason: "Passed", message: "all checks passed" };
const UNREACHABLE: Finding = {
  status: "False",
  reason: "FailedDiscoveryCheck",
  message: "simulated pods run no server that could be asked",
};
