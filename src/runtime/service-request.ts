// Asks a Service of the cluster one question over HTTP, as a client in a pod would: its ready endpoints in turn, real
// processes only.

import { get } from "node:http";

import type { Clock } from "../core/index.ts";
import type { BehaviourContext } from "../model/index.ts";
import { createEndpointChoice, type EndpointSource } from "./ingress/endpoint-choice.ts";

const HTTP_PORT = 80;

export function createServiceRequest(
  source: EndpointSource,
  clock: Clock,
): NonNullable<BehaviourContext["request"]> {
  const choice = createEndpointChoice();
  return async (url, { timeoutMs }) => {
    const { hostname, port, pathname, search, host } = new URL(url);
    const [service = "", namespace = ""] = hostname.split(".");
    const of = { namespace, service, port: port === "" ? HTTP_PORT : Number(port) };
    const pods = choice.pods(of, source);
    if (pods === undefined) throw new Error(`Get "${url}": no such host or port`);
    const [pod] = pods;
    if (pod === undefined) throw new Error(`Get "${url}": connection refused`);
    if (pod.at === undefined) return undefined;
    const at = { ...pod.at, path: `${pathname}${search}`, headers: { host }, agent: false };
    return new Promise((resolve, reject) => {
      const sent = get(at, (response) => {
        response.resume();
        response.on("error", reject);
        response.on("end", () => {
          timer.cancel();
          resolve({ status: response.statusCode ?? 0 });
        });
      });
      const late = (): void => void sent.destroy(new Error(`Get "${url}": timeout`));
      const timer = clock.setTimer(timeoutMs, late);
      sent.on("error", (error) => {
        timer.cancel();
        reject(error);
      });
    });
  };
}
