// A line of a pod's process as a record: the app's name as the service, the pod as the instance.

import type { ProcessLine } from "../../cluster/index.ts";
import { readLogLine, type LogRecord } from "./log-record.ts";

/** Names the app on its pods. */
export const APP_LABEL = "app.kubernetes.io/name";

/** For `onLogLine` of the process agent: `store.addLogs([processLogRecord(line)])`. */
export function processLogRecord({ pod, container, at, text }: ProcessLine): LogRecord {
  const service = pod.metadata.labels?.[APP_LABEL] ?? container;
  return readLogLine(text, { service, instance: pod.metadata.name, atMs: at });
}
