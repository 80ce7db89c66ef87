// What the labels of a namespace ask for: which level of Pod Security is enforced, audited and warned about.
// Mirrors pod-security-admission api/helpers.go @v1.36 (PolicyToEvaluate).

export type PodSecurityLevel = "privileged" | "baseline" | "restricted";
/** The minor version of Kubernetes 1. */
export type PodSecurityVersion = number | "latest";

export interface LevelVersion {
  readonly level: PodSecurityLevel;
  readonly version: PodSecurityVersion;
}

export interface PodSecurityPolicy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

export interface PolicyFault {
  /** `metadata.labels[pod-security.kubernetes.io/enforce]`. */
  readonly field: string;
  readonly value: string;
  readonly detail: string;
}

const PREFIX = "pod-security.kubernetes.io/";
const LEVELS: readonly string[] = ["privileged", "baseline", "restricted"];
const VERSION = /^v1\.([0-9]|[1-9][0-9]*)$/;

export interface NamespacePolicy {
  readonly policy: PodSecurityPolicy;
  readonly faults: readonly PolicyFault[];
}

type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = Object.freeze({});
/** Frozen labels → what they ask for: every pod of a namespace asks. */
const known = new WeakMap<Labels, NamespacePolicy>();

/** A policy always; what cannot be read is enforced as restricted and audited and warned about as privileged. */
export function podSecurityPolicy(labels: Labels = NO_LABELS): NamespacePolicy {
  if (!Object.isFrozen(labels)) return readPolicy(labels);
  let policy = known.get(labels);
  if (policy === undefined) known.set(labels, (policy = readPolicy(labels)));
  return policy;
}

function readPolicy(labels: Labels): NamespacePolicy {
  const faults: PolicyFault[] = [];
  const fault = (label: string, value: string, detail: string): void => {
    faults.push({ field: `metadata.labels[${label}]`, value, detail });
  };
  const read = (mode: "enforce" | "audit" | "warn"): LevelVersion => {
    const level = labels[PREFIX + mode];
    const version = labels[`${PREFIX}${mode}-version`];
    const isLevel = level === undefined || LEVELS.includes(level);
    if (!isLevel) fault(PREFIX + mode, level, `must be one of ${LEVELS.join(", ")}`);
    const minor = version === undefined ? "latest" : readVersion(version);
    if (minor === undefined) {
      fault(`${PREFIX}${mode}-version`, version ?? "", 'must be "latest" or "v1.x"');
    }
    const fallback = mode === "enforce" ? "restricted" : "privileged";
    return {
      // One of the three, by the test above.
      level: isLevel ? ((level ?? "privileged") as PodSecurityLevel) : fallback,
      version: minor ?? "latest",
    };
  };
  const [enforce, audit, warn] = [read("enforce"), read("audit"), read("warn")];
  return { policy: { enforce, audit, warn: withEnforced(warn, enforce, labels) }, faults };
}

/** Whoever enforces a level and says nothing about warnings is warned about that level. */
function withEnforced(
  warn: LevelVersion,
  enforce: LevelVersion,
  labels: Readonly<Record<string, string>>,
): LevelVersion {
  const isSilent = labels[`${PREFIX}warn`] === undefined;
  const isReadable = LEVELS.includes(labels[`${PREFIX}enforce`] ?? "");
  if (!isSilent || !isReadable || compareLevels(enforce.level, warn.level) <= 0) return warn;
  const hasVersion = labels[`${PREFIX}warn-version`] !== undefined;
  return { level: enforce.level, version: hasVersion ? warn.version : enforce.version };
}

function readVersion(text: string): PodSecurityVersion | undefined {
  if (text === "latest") return text;
  const [, minor] = VERSION.exec(text) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

/** `restricted:latest`. */
export function formatLevel({ level, version }: LevelVersion): string {
  return `${level}:${version === "latest" ? version : `v1.${version}`}`;
}

/** Negative, zero or positive: how strict `a` is compared with `b`. */
export function compareLevels(a: PodSecurityLevel, b: PodSecurityLevel): number {
  return LEVELS.indexOf(a) - LEVELS.indexOf(b);
}
