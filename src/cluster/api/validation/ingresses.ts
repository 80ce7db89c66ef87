// Validation of Ingresses. Mirrors kubernetes pkg/apis/networking/validation/validation.go @v1.36.

import { addressVersion } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { validatePortName, validatePortNumber } from "./ports.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const BAD_SEQUENCES = ["//", "/./", "/../", "%2f", "%2F"];
const BAD_ENDS = ["/..", "/."];
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

export function validateIngress(ingress: KubernetesObject): Causes {
  const spec = recordAt(ingress, "spec");
  const rules = recordsAt(spec, "rules");
  const { defaultBackend, ingressClassName } = spec;
  const causes: StatusCause[] = [];
  if (rules.length === 0 && defaultBackend === undefined) {
    const why = "either `defaultBackend` or `rules` must be specified";
    causes.push(invalidField("spec", spec["rules"] ?? null, why));
  }
  if (defaultBackend !== undefined) {
    causes.push(...validateBackend("spec.defaultBackend", recordAt(spec, "defaultBackend")));
  }
  rules.forEach((rule, index) => causes.push(...validateRule(`spec.rules[${index}]`, rule)));
  recordsAt(spec, "tls").forEach((tls, index) => {
    causes.push(...validateTls(`spec.tls[${index}]`, tls));
  });
  if (typeof ingressClassName === "string") {
    causes.push(...validateName("spec.ingressClassName", ingressClassName, "subdomain"));
  }
  return causes;
}

/** Only new Ingresses are held to it. */
export function validateIngressClassAnnotation({ metadata, spec }: KubernetesObject): Causes {
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  const { ingressClassName } = recordAt({ spec }, "spec");
  if (annotation === undefined || ingressClassName === undefined) return [];
  if (annotation === ingressClassName) return [];
  const why = "must match `ingressClassName` when both are specified";
  return [invalidField(`annotations.${CLASS_ANNOTATION}`, annotation, why)];
}

function validateRule(field: string, rule: Scope): Causes {
  const host = textAt(rule, "host");
  const causes: StatusCause[] = [];
  if (host !== "") {
    if (addressVersion(host) !== undefined) {
      causes.push(invalidField(`${field}.host`, host, "must be a DNS name, not an IP address"));
    }
    causes.push(...validateHost(`${field}.host`, host));
  }
  if (rule["http"] === undefined) return causes;
  const paths = recordsAt(recordAt(rule, "http"), "paths");
  if (paths.length === 0) causes.push(requiredField(`${field}.http.paths`));
  paths.forEach((path, index) =>
    causes.push(...validatePath(`${field}.http.paths[${index}]`, path)),
  );
  return causes;
}

function validateTls(field: string, tls: Scope): Causes {
  const { hosts } = tls;
  const secret = textAt(tls, "secretName");
  return [
    ...(Array.isArray(hosts) ? hosts : []).flatMap((host, index) =>
      validateHost(`${field}.hosts[${index}]`, String(host)),
    ),
    ...(secret === "" ? [] : validateName(`${field}.secretName`, secret, "subdomain")),
  ];
}

function validateHost(field: string, host: string): Causes {
  return validateName(field, host, host.includes("*") ? "wildcard" : "subdomain");
}

function validatePath(field: string, path: Scope): Causes {
  const { pathType } = path;
  if (pathType === undefined || pathType === null) {
    return [requiredField(`${field}.pathType`, "pathType must be specified")];
  }
  return [
    ...pathFaults(textAt(path, "path"), pathType).map((fault) =>
      invalidField(`${field}.path`, textAt(path, "path"), fault),
    ),
    ...(PATH_TYPES.some((known) => known === pathType)
      ? []
      : [unsupportedField(`${field}.pathType`, pathType, PATH_TYPES)]),
    ...validateBackend(`${field}.backend`, recordAt(path, "backend")),
  ];
}

function pathFaults(path: string, type: unknown): readonly string[] {
  const absolute = path.startsWith("/") ? [] : ["must be an absolute path"];
  if (type === "ImplementationSpecific") return path === "" ? [] : absolute;
  if (type !== "Exact" && type !== "Prefix") return [];
  return [
    ...absolute,
    ...BAD_SEQUENCES.filter((bad) => path.includes(bad)).map((bad) => `must not contain '${bad}'`),
    ...BAD_ENDS.filter((bad) => path.endsWith(bad)).map((bad) => `cannot end with '${bad}'`),
  ];
}

function validateBackend(field: string, backend: Scope): Causes {
  const { service, resource } = backend;
  if (service !== undefined && resource !== undefined) {
    return [invalidField(field, "", "cannot set both resource and service backends")];
  }
  if (resource !== undefined)
    return validateReference(`${field}.resource`, recordAt(backend, "resource"));
  if (service === undefined) {
    return [invalidField(field, "", "resource or service backend is required")];
  }
  const named = recordAt(backend, "service");
  const name = textAt(named, "name");
  return [
    ...(name === ""
      ? [requiredField(`${field}.service.name`)]
      : validateName(`${field}.service.name`, name, "label")),
    ...validateServicePort(field, recordAt(named, "port")),
  ];
}

function validateServicePort(field: string, port: Scope): Causes {
  const name = textAt(port, "name");
  const number = numberAt(port, "number") ?? 0;
  if (name !== "" && number !== 0) {
    return [invalidField(field, "", "cannot set both port name & port number")];
  }
  if (name !== "") return validatePortName(`${field}.service.port.name`, name);
  if (number !== 0) return validatePortNumber(`${field}.service.port.number`, number);
  return [requiredField(field, "port name or number is required")];
}

function validateReference(field: string, reference: Scope): Causes {
  return ["kind", "name"]
    .filter((key) => textAt(reference, key) === "")
    .map((key) => requiredField(`${field}.${key}`));
}
