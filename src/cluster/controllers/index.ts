// The built-in controllers of the embedded cluster. Each file names the source it mirrors.

import type { ControllerFactory } from "../../kubernetes/index.ts";
import { cronJobController } from "./cron-job.ts";
import { daemonSetController } from "./daemon-set.ts";
import { deploymentController } from "./deployment.ts";
import { endpointSliceController } from "./endpoint-slice.ts";
import { endpointsController } from "./endpoints.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { jobController } from "./job.ts";
import { namespaceController } from "./namespace.ts";
import { rootCaController, serviceAccountController } from "./namespace-contents.ts";
import { replicaSetController } from "./replica-set.ts";
import { statefulSetController } from "./stateful-set.ts";
import { volumeProvisioner } from "./volume-provisioner.ts";
import { volumeReclaimer } from "./volume-reclaimer.ts";

export interface BuiltinControllersOptions {
  /** PEM text of the cluster's certificate authority, published to every namespace; absent: not published. */
  readonly rootCa?: string | undefined;
}

export function builtinControllers(
  options: BuiltinControllersOptions = {},
): readonly ControllerFactory[] {
  return [
    deploymentController,
    replicaSetController,
    statefulSetController,
    daemonSetController,
    jobController,
    cronJobController,
    endpointSliceController,
    endpointsController,
    namespaceController,
    serviceAccountController,
    ...(options.rootCa === undefined ? [] : [rootCaController(options.rootCa)]),
    volumeProvisioner,
    volumeReclaimer,
    garbageCollector,
  ];
}

export * from "./batch-kinds.ts";
export * from "./namespace-kinds.ts";
export { namespaceLifecycle } from "./namespace-lifecycle.ts";
export * from "./service-kinds.ts";
export * from "./storage-kinds.ts";
export * from "./workload-kinds.ts";
