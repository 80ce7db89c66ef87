// The address of the repository as a GitRepository takes it: with a scheme (fluxcd.io/flux/components/source/gitrepositories, "URL").

/** `git@example.com:platform` → `ssh://git@example.com/platform`. */
export function sourceUrl(repository: string): string {
  const [, host, path] = /^([^/@]+@[^/:]+):(.+)$/.exec(repository) ?? [];
  return host === undefined || path === undefined ? repository : `ssh://${host}/${path}`;
}
