// `/version`: which Kubernetes this API speaks. kubectl warns when it is more than one minor version away.

/** The release whose behaviour is mirrored. */
const KUBERNETES_VERSION = "1.36.2";

export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
}

/** The release as it names itself, because clients parse and compare it; who really answers is told as the compiler. */
export const VERSION: VersionInfo = {
  major: "1",
  minor: "36",
  gitVersion: `v${KUBERNETES_VERSION}`,
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "keelson",
  platform: `${process.platform}/${process.arch}`,
};
