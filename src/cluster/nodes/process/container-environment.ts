// The variables of a container, from values, ConfigMaps, Secrets and the downward API. Pure. Mirrors
// pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables).

import type {
  Container,
  EnvironmentSource,
  EnvironmentVariable,
  ObjectKeyReference,
  Pod,
} from "../../../kubernetes/index.ts";
import type { ConfigMap, Secret } from "../../controllers/namespace-kinds.ts";
import { expandVariables } from "./expand-variables.ts";
import { fieldValue, resourceValue } from "./field-values.ts";
import type { MachineSize, PodNetworkFacts } from "./field-values.ts";

export interface EnvironmentInputs {
  readonly pod: Pod;
  readonly container: Container;
  readonly network: PodNetworkFacts;
  readonly machine: MachineSize;
  /** Of the pod's namespace. */
  secret(name: string): Secret | undefined;
  configMap(name: string): ConfigMap | undefined;
  /** Variables of Services; the container's own win. */
  readonly links: Readonly<Record<string, string>>;
  /** What values may refer to beside the container's own. */
  readonly known: Readonly<Record<string, string>>;
  /** What the cluster calls something, as this machine reaches it; for every value of the container's own. */
  localise(value: string): string;
}

export function containerEnvironment(inputs: EnvironmentInputs): Readonly<Record<string, string>> {
  const { container, links, localise } = inputs;
  const found: Record<string, string> = { ...links, ...inputs.known };
  for (const source of container.envFrom ?? []) Object.assign(found, sourceValues(inputs, source));
  for (const variable of container.env ?? []) {
    const value = variableValue(inputs, variable, found);
    if (value !== undefined) found[variable.name] = value;
  }
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, localise(value)]));
}

function sourceValues(
  { secret, configMap }: EnvironmentInputs,
  { prefix = "", secretRef, configMapRef }: EnvironmentSource,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const { data: plain = {} } = (configMapRef?.name && configMap(configMapRef.name)) || {};
  const { data: encoded = {} } = (secretRef?.name && secret(secretRef.name)) || {};
  for (const [key, value] of Object.entries(plain)) values[prefix + key] = value;
  for (const [key, value] of Object.entries(encoded)) values[prefix + key] = decode(value);
  return values;
}

/** Undefined: an optional reference to what is not there. */
function variableValue(
  inputs: EnvironmentInputs,
  { value, valueFrom }: EnvironmentVariable,
  before: Readonly<Record<string, string>>,
): string | undefined {
  if (valueFrom === undefined) return expandVariables(value ?? "", (name) => before[name]);
  const { secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (fieldRef !== undefined) return fieldValue(inputs.pod, fieldRef, inputs.network);
  if (resourceFieldRef !== undefined) {
    return resourceValue(
      namedContainer(inputs, resourceFieldRef),
      resourceFieldRef,
      inputs.machine,
    );
  }
  const encoded = keyOf(secretKeyRef, inputs.secret);
  if (encoded !== undefined) return decode(encoded);
  return keyOf(configMapKeyRef, inputs.configMap);
}

function namedContainer(
  { pod, container }: EnvironmentInputs,
  { containerName }: { readonly containerName?: string },
): Container {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  return all.find(({ name }) => name === containerName) ?? container;
}

function keyOf(
  reference: ObjectKeyReference | undefined,
  find: (name: string) => { readonly data?: Readonly<Record<string, string>> } | undefined,
): string | undefined {
  if (reference?.name === undefined || reference.key === undefined) return undefined;
  return find(reference.name)?.data?.[reference.key];
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
