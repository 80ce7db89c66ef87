// Which pods a local form is for.

import type { Container, Pod } from "../../kubernetes/index.ts";

export function hasLabels(
  { metadata }: Pod,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    metadata.namespace === namespace &&
    Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
  );
}

/** The repository of an image without registry: `postgres` of `docker.io/library/postgres:18.6`. */
export function isImage({ image = "" }: Container, repository: string): boolean {
  const [name = ""] = image.split("@");
  const path = name.replace(/:[^/:]*$/, "");
  return path === repository || path.endsWith(`/${repository}`);
}
