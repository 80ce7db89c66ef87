// What the containers of a pod, and each of them, may do. Mirrors validatePodSpecSecurityContext and ValidateSecurityContext of
// kubernetes pkg/apis/core/validation/validation.go @v1.36, of a server that allows privileged containers, and with the gate
// SELinuxMount off as it is by default.

import { duplicateField, invalidField, requiredField } from "../field-error.ts";
import { listAt, recordAt, textAt } from "./fields.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import { validateAppArmorProfile, validateSeccompProfile } from "./security-profiles.ts";
import { validateWindowsOptions } from "./windows-options.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeAt, judgeEach, NO_CAUSES, validateKnown, validateRange } from "./walk-fields.ts";

const IDS = { min: 0, max: 2_147_483_647 };
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_LENGTH_MAX = 253;
const SYSCTL_TEXT =
  `must have at most ${SYSCTL_LENGTH_MAX} characters and match regex ` +
  "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

/** `spec` is that of the pod, which says what it shares with its host. */
export function validatePodSecurity(field: string, spec: Scope): Causes {
  return judgeAt(field, spec, "securityContext", (at, context) => {
    if (isEmpty(context)) return sharedProcesses(`${at}.shareProcessNamespace`, spec);
    return [
      ...["fsGroup", "runAsUser", "runAsGroup"].flatMap((name) =>
        validateRange(`${at}.${name}`, context[name], IDS),
      ),
      ...groupFaults(at, context),
      ...sharedProcesses(`${at}.shareProcessNamespace`, spec),
      ...validateSysctls(at, context, spec),
      ...validateKnown(`${at}.fsGroupChangePolicy`, context["fsGroupChangePolicy"], [
        "Always",
        "OnRootMismatch",
      ]),
      ...profileFaults(at, context),
      ...validateKnown(`${at}.supplementalGroupsPolicy`, context["supplementalGroupsPolicy"], [
        "Merge",
        "Strict",
      ]),
      ...validateKnown(`${at}.seLinuxChangePolicy`, context["seLinuxChangePolicy"], ["Recursive"]),
    ];
  });
}

/** The context that a pod gets when it has none. */
function isEmpty(context: Scope): boolean {
  for (const _ in context) return false;
  return true;
}

function groupFaults(field: string, { supplementalGroups: groups }: Scope): Causes {
  if (!Array.isArray(groups)) return NO_CAUSES;
  return groups.flatMap((group, index) =>
    validateRange(`${field}.supplementalGroups[${index}]`, group, IDS),
  );
}

function sharedProcesses(field: string, spec: Scope): Causes {
  if (spec["shareProcessNamespace"] !== true || spec["hostPID"] !== true) return NO_CAUSES;
  return [invalidField(field, true, "ShareProcessNamespace and HostPID cannot both be enabled")];
}

function profileFaults(field: string, context: Scope): Causes {
  return [
    ...judgeAt(field, context, "seccompProfile", validateSeccompProfile),
    ...judgeAt(field, context, "windowsOptions", validateWindowsOptions),
    ...judgeAt(field, context, "appArmorProfile", validateAppArmorProfile),
  ];
}

function validateSysctls(field: string, context: Scope, spec: Scope): Causes {
  const seen = new Set<string>();
  return judgeEach(field, context, "sysctls", (at, sysctl) => {
    const name = textAt(sysctl, "name");
    const isTwice = seen.has(name);
    seen.add(name);
    return [...sysctlFaults(`${at}.name`, name, isTwice), ...hostFaults(`${at}.name`, name, spec)];
  });
}

function sysctlFaults(field: string, name: string, isTwice: boolean): Causes {
  if (name === "") return [requiredField(field)];
  const isName = name.length <= SYSCTL_LENGTH_MAX && SYSCTL.test(name);
  if (!isName) return [invalidField(field, name, SYSCTL_TEXT)];
  return isTwice ? [duplicateField(field, name)] : NO_CAUSES;
}

/** Flag of a spec → the settings of the kernel that belong to what is then the host's. */
const HOST_SETTINGS: readonly (readonly [flag: string, names: RegExp])[] = [
  ["hostNetwork", /^net\./],
  [
    "hostIPC",
    /^(kernel\.(sem|shmall|shmmax|shmmni|shm_rmid_forced|shm|msgmax|msgmnb|msgmni|msg)$|fs\.mqueue\.)/,
  ],
];

function hostFaults(field: string, name: string, spec: Scope): Causes {
  const plain = withDots(name).split("*")[0] ?? "";
  const found = HOST_SETTINGS.find(([flag, names]) => spec[flag] === true && names.test(plain));
  if (found === undefined) return NO_CAUSES;
  return [invalidField(field, name, `may not be specified when '${found[0]}' is true`)];
}

/** `net/ipv4/conf/eno2.100` is `net.ipv4.conf.eno2/100`. */
function withDots(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== "/") return name;
  return name.replaceAll(/[./]/g, (mark) => (mark === "." ? "/" : "."));
}

const PROC_MOUNTS = ["Default", "Unmasked"];
const CONTEXT = {
  Capabilities: pointerTo({ Add: null, Drop: null }),
  Privileged: null,
  SELinuxOptions: pointerTo({ User: "", Role: "", Type: "", Level: "" }),
  WindowsOptions: pointerTo({
    GMSACredentialSpecName: null,
    GMSACredentialSpec: null,
    RunAsUserName: null,
    HostProcess: null,
  }),
  RunAsUser: null,
  RunAsGroup: null,
  RunAsNonRoot: null,
  ReadOnlyRootFilesystem: null,
  AllowPrivilegeEscalation: null,
  ProcMount: null,
  SeccompProfile: pointerTo({ Type: "", LocalhostProfile: null }),
  AppArmorProfile: pointerTo({ Type: "", LocalhostProfile: null }),
};

/** `hostUsers` is whether the pod's users are those of its host. */
export function validateContainerSecurity(
  field: string,
  container: Scope,
  hostUsers: boolean,
): Causes {
  return judgeAt(field, container, "securityContext", (at, context) => [
    ...["runAsUser", "runAsGroup"].flatMap((name) =>
      validateRange(`${at}.${name}`, context[name], IDS),
    ),
    ...procMountFaults(`${at}.procMount`, context["procMount"], hostUsers),
    ...judgeAt(at, context, "seccompProfile", validateSeccompProfile),
    ...escalationFaults(at, context),
    ...judgeAt(at, context, "windowsOptions", validateWindowsOptions),
    ...judgeAt(at, context, "appArmorProfile", validateAppArmorProfile),
  ]);
}

function procMountFaults(field: string, type: unknown, hostUsers: boolean): Causes {
  if (type !== "Unmasked" || !hostUsers) return validateKnown(field, type, PROC_MOUNTS);
  return [invalidField(field, type, "`hostUsers` must be false to use `Unmasked`")];
}

/** What may not gain rights has not all of them already. */
function escalationFaults(field: string, context: Scope): Causes {
  if (context["allowPrivilegeEscalation"] !== false) return NO_CAUSES;
  const added = listAt(recordAt(context, "capabilities"), "add");
  const others = [
    ...(context["privileged"] === true ? ["`privileged` to true"] : []),
    ...added
      .filter((name) => name === "CAP_SYS_ADMIN")
      .map((name) => `\`capabilities.Add\` ${name}`),
  ];
  return others.map((other) => {
    const why = `cannot set \`allowPrivilegeEscalation\` to false and ${other}`;
    return invalidField(field, printStruct(CONTEXT, context), why);
  });
}
