// The files of a volume that is made from objects: ConfigMaps, Secrets, the downward API, tokens and mixtures of them. Pure.
// Mirrors pkg/volume/{configmap,secret,downwardapi,projected} and pkg/volume/util/atomic_writer.go (validatePayload).

import type {
  DownwardFile,
  KeyToPath,
  Pod,
  Volume,
  VolumeProjection,
} from "../../../kubernetes/index.ts";
import type { ConfigMap, Secret } from "../../controllers/namespace-kinds.ts";
import { fieldValue, resourceValue } from "./field-values.ts";
import type { MachineSize, PodNetworkFacts } from "./field-values.ts";

/** Relative path → content. */
export type VolumePayload = ReadonlyMap<string, Buffer>;

export interface PayloadInputs {
  readonly pod: Pod;
  readonly network: PodNetworkFacts;
  readonly machine: MachineSize;
  secret(name: string): Secret | undefined;
  configMap(name: string): ConfigMap | undefined;
  /** The token for an audience, issued before. */
  token(source: NonNullable<VolumeProjection["serviceAccountToken"]>): string;
  localise(value: string): string;
}

/** Undefined: the volume is not made from objects. */
export function volumePayload(inputs: PayloadInputs, volume: Volume): VolumePayload | undefined {
  const sources = projectionsOf(volume);
  if (sources === undefined) return undefined;
  const files = new Map<string, Buffer>();
  for (const source of sources) {
    for (const [path, content] of projectedFiles(inputs, source)) {
      if (isInside(path)) files.set(path, content);
    }
  }
  return files;
}

export function projectionsOf(volume: Volume): readonly VolumeProjection[] | undefined {
  const { secret, configMap, downwardAPI, projected } = volume;
  if (projected !== undefined) return projected.sources ?? [];
  if (configMap !== undefined) return [{ configMap }];
  if (downwardAPI !== undefined) return [{ downwardAPI }];
  if (secret === undefined) return undefined;
  const { secretName = "", ...rest } = secret;
  return [{ secret: { name: secretName, ...rest } }];
}

type Files = readonly (readonly [path: string, content: Buffer])[];

function projectedFiles(inputs: PayloadInputs, source: VolumeProjection): Files {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  if (serviceAccountToken !== undefined) {
    return [[serviceAccountToken.path, Buffer.from(inputs.token(serviceAccountToken))]];
  }
  if (downwardAPI !== undefined) {
    return (downwardAPI.items ?? []).map((item) => [item.path, downward(inputs, item)]);
  }
  if (secret?.name !== undefined) {
    const { data = {} } = inputs.secret(secret.name) ?? {};
    return pick(decoded(inputs, data), secret.items);
  }
  if (configMap?.name === undefined) return [];
  const { data = {}, binaryData = {} } = inputs.configMap(configMap.name) ?? {};
  const plain = Object.entries(data).map(
    ([key, value]) => [key, Buffer.from(inputs.localise(value))] as const,
  );
  return pick([...plain, ...binary(binaryData)], configMap.items);
}

function binary(data: Readonly<Record<string, string>>): Files {
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]);
}

/** Text is localised as variables are; what is no text stays as it is. */
function decoded({ localise }: PayloadInputs, data: Readonly<Record<string, string>>): Files {
  return binary(data).map(([key, content]) => {
    const text = content.toString();
    return [key, Buffer.from(text).equals(content) ? Buffer.from(localise(text)) : content];
  });
}

/** Without items every key is a file of that name. */
function pick(files: Files, items: readonly KeyToPath[] | undefined): Files {
  if (items === undefined) return files;
  const byKey = new Map(files);
  return items.flatMap(({ key, path = key }) => {
    const content = byKey.get(key);
    return content === undefined ? [] : [[path, content] as const];
  });
}

function downward(
  { pod, network, machine }: PayloadInputs,
  { fieldRef, resourceFieldRef }: DownwardFile,
): Buffer {
  if (fieldRef !== undefined) return Buffer.from(fieldValue(pod, fieldRef, network) ?? "");
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const container = all.find(({ name }) => name === resourceFieldRef?.containerName);
  if (resourceFieldRef === undefined || container === undefined) return Buffer.alloc(0);
  return Buffer.from(resourceValue(container, resourceFieldRef, machine) ?? "");
}

/** The API server refuses other paths; nothing is written elsewhere even so. */
function isInside(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.split("/").includes("..");
}
