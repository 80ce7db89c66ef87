// `pods/x/exec`, `attach` and `portforward`: whether the pod can carry them, whether admission lets them through, and the upgrade
// of the connection, after which nothing is refused by HTTP any more.
// Mirrors kubernetes pkg/registry/core/pod/rest/subresources.go and k8s.io/apiserver pkg/endpoints/handlers/rest.go (ConnectResource).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { authorize } from "../../api/authorize.ts";
import { badRequest, internalError } from "../../api/refusals.ts";
import { recordAt, textAt } from "../../api/validation/fields.ts";
import { get } from "../../api/verbs/get.ts";
import type { Upgrade } from "../exchange.ts";
import { isRunning } from "../pod-container.ts";
import { methodNotAllowed } from "../not-served.ts";
import { targetOf } from "../resource-target.ts";
import type { ResourceRequest } from "../server-context.ts";
import { acceptSpdy } from "./accept-spdy.ts";
import { acceptWebSocket, askedProtocols } from "./accept-websocket.ts";
import { admitConnection } from "./admit-connection.ts";
import { readCommandOptions } from "./command-options.ts";
import type { CommandOptions } from "./command-options.ts";
import { refuseSimulated } from "./refuse-simulated.ts";
import { runCommand } from "./run-command.ts";
import { openSpdyCommand, SPDY_COMMAND_PROTOCOLS } from "./spdy-command.ts";
import { FORWARD_PROTOCOL, forwardSpdy, TUNNEL_PROTOCOL } from "./spdy-forward.ts";
import { openWebSocketCommand, WEBSOCKET_COMMAND_PROTOCOLS } from "./websocket-command.ts";
import { forwardWebSocket, readPorts, WEBSOCKET_FORWARD_PROTOCOLS } from "./websocket-forward.ts";

/** Resolves when the stream is over. */
export async function servePodStream(request: ResourceRequest, subresource: string): Promise<void> {
  if (request.exchange.method !== "GET" && request.exchange.method !== "POST")
    throw methodNotAllowed();
  mayCreate(request);
  const pod = get(request.server.api, targetOf(request));
  if (textAt(recordAt(pod, "spec"), "nodeName") === "")
    throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  refuseSimulated(request, pod);
  if (subresource === "portforward") return forward(request, pod);
  // The router knows no others.
  return command(request, pod, subresource as "exec" | "attach");
}

/** WebSocket upgrades are GET requests, but what they open is no less than what a POST opens. */
function mayCreate({ server, path, caller, verb }: ResourceRequest): void {
  if (verb === "create") return;
  const { group, version, resource, subresource, namespace = "", name } = path;
  const about = { group, version, resource, subresource, namespace, name };
  authorize(server.api.authorizer, { user: caller.user, verb: "create", ...about });
}

async function command(
  request: ResourceRequest,
  pod: KubernetesObject,
  subresource: "exec" | "attach",
): Promise<void> {
  const { server, exchange } = request;
  const { clock, api } = server;
  const agent = api.nodeAgent;
  const options = readCommandOptions(exchange.query, pod);
  const kind = subresource === "exec" ? "PodExecOptions" : "PodAttachOptions";
  await admitConnection(request, kind, optionsObject(options, subresource));
  if (!isRunning(pod, options.container))
    throw internalError(`container not found (${JSON.stringify(options.container)})`);
  const about = { agent, pod, subresource, options };
  const upgrade = upgradeOf(request);
  if (upgrade.protocol === "websocket") {
    const accepted = await acceptWebSocket(exchange, upgrade, WEBSOCKET_COMMAND_PROTOCOLS);
    return runCommand(about, openWebSocketCommand(accepted, options, clock));
  }
  const accepted = acceptSpdy(exchange, upgrade, SPDY_COMMAND_PROTOCOLS);
  const channels = await openSpdyCommand(accepted, options, clock);
  if (channels !== undefined) await runCommand(about, channels);
}

async function forward(request: ResourceRequest, pod: KubernetesObject): Promise<void> {
  const { server, exchange } = request;
  const { clock, api } = server;
  const target = { agent: api.nodeAgent, pod };
  await admitConnection(request, "PodPortForwardOptions", {});
  if (textAt(recordAt(pod, "status"), "phase") !== "Running") {
    const { namespace = "", name } = pod.metadata;
    throw internalError(`pod ${namespace}/${name} is not running`);
  }
  const upgrade = upgradeOf(request);
  if (upgrade.protocol !== "websocket") {
    return forwardSpdy(acceptSpdy(exchange, upgrade, [FORWARD_PROTOCOL]).socket, target, clock);
  }
  if (askedProtocols(exchange).includes(TUNNEL_PROTOCOL)) {
    const { socket } = await acceptWebSocket(exchange, upgrade, [TUNNEL_PROTOCOL]);
    const { createWebSocketStream } = await import("ws");
    return forwardSpdy(createWebSocketStream(socket), target, clock);
  }
  const ports = readPorts(exchange.query);
  const accepted = await acceptWebSocket(exchange, upgrade, WEBSOCKET_FORWARD_PROTOCOLS);
  return forwardWebSocket(accepted, target, ports, clock);
}

function upgradeOf({ exchange }: ResourceRequest): Upgrade {
  const { upgrade } = exchange;
  if (upgrade?.protocol === "websocket" || upgrade?.protocol === "spdy/3.1") return upgrade;
  throw badRequest("Upgrade request required");
}

/** What the client asked for, as an object of its kind. */
function optionsObject(
  { stdin, stdout, stderr, tty, container, command }: CommandOptions,
  subresource: "exec" | "attach",
): Readonly<Record<string, unknown>> {
  const asked = Object.entries({ stdin, stdout, stderr, tty }).filter(([, value]) => value);
  const run = subresource === "exec" && command.length > 0 ? { command } : {};
  return { ...Object.fromEntries(asked), container, ...run };
}
