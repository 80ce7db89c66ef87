export type {
  ReachPod,
  WebhookNetwork,
  WebhookRequest,
  WebhookResponse,
  WebhookTransport,
} from "./admission/index.ts";
export * from "./cluster.ts";
export * from "./embedded-cluster.ts";
export * from "./network/index.ts";
export * from "./start-cluster.ts";
export * from "./store/index.ts";
export * from "./api/index.ts";
export * from "./serve/index.ts";
export {
  AGENT,
  agentOf,
  BRISK_DELAYS,
  FAST_DELAYS,
  GENERAL_DELAYS,
  PROCESS,
  reviveNode,
  silenceNode,
  SIMULATED,
  type FindLocalProcess,
  type LeftOver,
  type LocalProcess,
  type ProcessAgentOptions,
  type ProcessLine,
  type StageDelays,
} from "./nodes/index.ts";
export type { VolumeDelay } from "./controllers/index.ts";
/** What a cluster runs on, for users of `keelson/cluster`. */
export {
  createRealClock,
  createRng,
  createScaledClock,
  createVirtualClock,
} from "../core/index.ts";
export type { Clock, Rng, VirtualClock } from "../core/index.ts";
/** What its `api` takes, answers and refuses with, and what a controller of one's own runs on. */
export {
  isAlreadyExists,
  isConflict,
  isInvalid,
  isNotFound,
  runControllers,
  StatusError,
} from "../kubernetes/index.ts";
export type {
  ControllerContext,
  ControllerFactory,
  KindRef,
  KubeApi,
  KubernetesObject,
  ObjectRef,
  Status,
  Watch,
  WatchEvent,
} from "../kubernetes/index.ts";
