// A process has no file system of its own: what a container finds at `/etc/app` lies below a folder of the container's, named
// by ROOT_VARIABLE. Commands and values that begin with a path of a mount are given the real one. Pure.

import { join } from "node:path";

import type { Container } from "../../../kubernetes/index.ts";

/** The folder below which a container's mounts have their paths. */
export const ROOT_VARIABLE = "KEELSON_ROOT";

/** Rewrites text that is a path of a mount, `/etc/app/x`, or gives one to an option, `--config=/etc/app/x`. */
export function mountRewriter(
  { volumeMounts = [] }: Pick<Container, "volumeMounts">,
  root: string,
): (text: string) => string {
  const paths = volumeMounts
    .map(({ mountPath }) => mountPath.replace(/(?<=.)\/+$/, ""))
    .toSorted((one, other) => other.length - one.length);
  const realPath = (path: string): string | undefined => {
    const isInside = (mount: string): boolean => path === mount || path.startsWith(`${mount}/`);
    return paths.some(isInside) ? join(root, path) : undefined;
  };
  return (text) => {
    if (text.startsWith("/")) return realPath(text) ?? text;
    const option = /^(-{0,2}[\w.-]+=|file:\/\/)(\/.*)$/s.exec(text);
    const [, head = "", path = ""] = option ?? [];
    const real = realPath(path);
    return real === undefined ? text : head + real;
  };
}
