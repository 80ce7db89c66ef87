// What an app has at hand that speaks TLS with the ingress: its certificate and key, and the authority that signed the other side.

import type { EnvVar, PlannedApp } from "../../../model/index.ts";
import { serverSecret } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { hasPortOfItsOwn } from "./surface.ts";

const DIRECTORY = "/etc/tls";
const VOLUME = "tls";

const upstreamOf = ({ route }: PlannedApp): "tls" | "mtls" | undefined => route?.traffic.upstream;

export function tlsVolumes(app: PlannedApp): Fields[] {
  if (upstreamOf(app) === undefined) return [];
  return [{ name: VOLUME, secret: { secretName: serverSecret(app.name) } }];
}

export function tlsMounts(app: PlannedApp): Fields[] {
  if (upstreamOf(app) === undefined) return [];
  return [{ name: VOLUME, mountPath: DIRECTORY, readOnly: true }];
}

export function tlsVariables(app: PlannedApp): EnvVar[] {
  const upstream = upstreamOf(app);
  if (upstream === undefined) return [];
  return [
    { name: "TLS_CERT_FILE", value: `${DIRECTORY}/tls.crt` },
    { name: "TLS_KEY_FILE", value: `${DIRECTORY}/tls.key` },
    ...(upstream === "mtls" ? [{ name: "TLS_CLIENT_CA_FILE", value: `${DIRECTORY}/ca.crt` }] : []),
  ];
}

/** The kubelet checks no certificate and has none: where one is asked for, it can only see that somebody listens. */
export function probeAction(app: PlannedApp, path: string): Fields {
  const upstream = hasPortOfItsOwn(app) ? undefined : upstreamOf(app);
  if (upstream === "mtls") return { tcpSocket: { port: "http" } };
  const scheme = upstream === undefined ? {} : { scheme: "HTTPS" };
  return { httpGet: { path, port: "http", ...scheme } };
}
