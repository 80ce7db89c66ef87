// What a project lets its Applications take from where, and bring where. Mirrors pkg/apis/application/v1alpha1/app_project_types.go,
// util/argo/argo.go ValidatePermissions and the permission check of controller/sync.go, v3.5; without roles, windows and signatures.

import { parseApiVersion } from "../../../../kubernetes/index.ts";
import type { KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";
import { sourcesOf } from "./manifests.ts";
import { globMatcher } from "./path-glob.ts";
import type { Application } from "./resources.ts";

export const APP_PROJECT: KindRef = { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject" };

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface AppProject extends KubernetesObject {
  readonly spec: {
    readonly sourceRepos?: readonly string[];
    readonly destinations?: readonly {
      readonly server?: string;
      readonly name?: string;
      readonly namespace?: string;
    }[];
    readonly clusterResourceWhitelist?: readonly GroupKind[];
    readonly namespaceResourceWhitelist?: readonly GroupKind[];
    readonly namespaceResourceBlacklist?: readonly GroupKind[];
    readonly orphanedResources?: { readonly warn?: boolean };
  };
}

/** Argo CD makes this one by itself and it permits everything. */
const DEFAULT_PROJECT = "default";

/** Why the spec may not be followed; undefined where it may. */
export function refusedSpec(
  application: Application,
  project: AppProject | undefined,
  server: string,
): string | undefined {
  const { project: name, destination } = application.spec;
  if (project === undefined)
    return name === DEFAULT_PROJECT
      ? undefined
      : `Application referencing project ${name} which does not exist`;
  const { sourceRepos = [] } = project.spec;
  const source = sourcesOf(application).find(({ repoURL }) => !matchesAny(sourceRepos, repoURL));
  if (source !== undefined)
    return `application repo ${source.repoURL} is not permitted in project '${name}'`;
  const { namespace = "" } = destination;
  if (isDestination(project, server, namespace)) return undefined;
  return `application destination server '${server}' and namespace '${namespace}' do not match any of the allowed destinations in project '${name}'`;
}

/** Why an object may not be brought; undefined where it may. */
export function refusedObject(
  { apiVersion, kind, metadata }: KubernetesObject,
  project: AppProject | undefined,
  server: string,
): string | undefined {
  if (project === undefined) return undefined;
  const { name } = project.metadata;
  const { group } = parseApiVersion(apiVersion);
  const { namespace } = metadata;
  const of = { group, kind };
  const { spec } = project;
  const isPermitted =
    namespace === undefined
      ? isIn(of, spec.clusterResourceWhitelist ?? [])
      : isPermittedKind(of, project);
  if (!isPermitted) return `resource ${group}:${kind} is not permitted in project ${name}`;
  if (namespace === undefined || isDestination(project, server, namespace)) return undefined;
  return `namespace ${namespace} is not permitted in project '${name}'`;
}

/** Of kinds that live in namespaces. */
export function isPermittedKind(of: GroupKind, { spec }: AppProject): boolean {
  const { namespaceResourceWhitelist: white, namespaceResourceBlacklist: black = [] } = spec;
  return (white === undefined || isIn(of, white)) && !isIn(of, black);
}

function isDestination({ spec }: AppProject, server: string, namespace: string): boolean {
  return (spec.destinations ?? []).some(
    (one) =>
      matchesAny([one.server ?? "*"], server) && matchesAny([one.namespace ?? ""], namespace),
  );
}

const isIn = ({ group, kind }: GroupKind, list: readonly GroupKind[]): boolean =>
  list.some((one) => matchesAny([one.group], group) && matchesAny([one.kind], kind));

const matchesAny = (patterns: readonly string[], value: string): boolean =>
  patterns.some((pattern) => pattern === "*" || globMatcher(pattern)(value));
