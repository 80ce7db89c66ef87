// Security contexts of pods and containers. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith, podWithContainer } from "../testing/pods.ts";

const judge = createJudge();

describe("a container", () => {
  const rows: readonly {
    readonly name: string;
    readonly container: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "a context",
      container: {
        securityContext: {
          runAsUser: 0,
          runAsGroup: 2147483647,
          privileged: true,
          procMount: "Default",
          capabilities: { add: ["SYS_ADMIN"] },
          seccompProfile: { type: "Localhost", localhostProfile: "a/b" },
          appArmorProfile: { type: "RuntimeDefault" },
        },
      },
      faults: [],
    },
    {
      name: "users and groups",
      container: { securityContext: { runAsUser: -1, runAsGroup: 2147483648 } },
      faults: [
        "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
        "spec.containers[0].securityContext.runAsGroup: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive",
      ],
    },
    {
      name: "proc",
      container: { securityContext: { procMount: "All" } },
      faults: [
        'spec.containers[0].securityContext.procMount: Unsupported value: "All": supported values: "Default", "Unmasked"',
      ],
    },
    {
      name: "proc of users that are the host's",
      container: { securityContext: { procMount: "Unmasked" } },
      faults: [
        'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
      ],
    },
    {
      name: "rights that cannot be gained, but are there",
      container: {
        securityContext: {
          allowPrivilegeEscalation: false,
          privileged: true,
          capabilities: { add: ["CAP_SYS_ADMIN"] },
        },
      },
      faults: [
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":{"Add":["CAP_SYS_ADMIN"],"Drop":null},"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      ],
    },
    {
      name: "seccomp",
      container: { securityContext: { seccompProfile: { type: "" } } },
      faults: [
        "spec.containers[0].securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set",
      ],
    },
    {
      name: "seccomp of another kind",
      container: { securityContext: { seccompProfile: { type: "Own", localhostProfile: "x" } } },
      faults: [
        'spec.containers[0].securityContext.seccompProfile.type: Unsupported value: "Own": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
        'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: {"Type":"Own","LocalhostProfile":"x"}: can only be set when seccomp type is Localhost',
      ],
    },
    {
      name: "seccomp without a profile",
      container: { securityContext: { seccompProfile: { type: "Localhost" } } },
      faults: [
        "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
      ],
    },
    {
      name: "seccomp from elsewhere",
      container: {
        securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "/../x" } },
      },
      faults: [
        'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "/../x": must be a relative path',
        "spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: \"/../x\": must not contain '..'",
      ],
    },
    {
      name: "AppArmor without a profile",
      container: {
        securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: "" } },
      },
      faults: [
        "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost",
      ],
    },
    {
      name: "AppArmor padded",
      container: {
        securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: " x" } },
      },
      faults: [
        'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: " x": must not be padded with whitespace',
      ],
    },
    {
      name: "AppArmor with a profile of no use",
      container: {
        securityContext: { appArmorProfile: { type: "Unconfined", localhostProfile: "x" } },
      },
      faults: [
        'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: "x": can only be set when AppArmor type is Localhost',
      ],
    },
    {
      name: "AppArmor of another kind",
      container: { securityContext: { appArmorProfile: { type: "Own" } } },
      faults: [
        'spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "Own": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
      ],
    },
    {
      name: "Windows users",
      container: {
        securityContext: {
          windowsOptions: {
            gmsaCredentialSpecName: "A",
            gmsaCredentialSpec: "",
            runAsUserName: "",
          },
        },
      },
      faults: [
        "spec.containers[0].securityContext.windowsOptions.gmsaCredentialSpecName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.containers[0].securityContext.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string',
        'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "": runAsUserName cannot be an empty string',
      ],
    },
    {
      name: "Windows users in domains",
      container: { securityContext: { windowsOptions: { runAsUserName: ".dom*\\a:b" } } },
      faults: [
        "spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: \".dom*\\\\a:b\": runAsUserName's Domain doesn't match the NetBios nor the DNS format",
        'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: ".dom*\\\\a:b": runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]',
      ],
    },
    {
      name: "Windows users of dots",
      container: { securityContext: { windowsOptions: { runAsUserName: "dom\\ . ." } } },
      faults: [
        'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "dom\\\\ . .": runAsUserName\'s User cannot contain only periods or spaces',
      ],
    },
    {
      name: "Windows users in domains of domains",
      container: { securityContext: { windowsOptions: { runAsUserName: "a\\b\\c" } } },
      faults: [
        'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash',
      ],
    },
    {
      name: "Windows users that are long",
      container: { securityContext: { windowsOptions: { runAsUserName: "a".repeat(105) } } },
      faults: [
        'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": runAsUserName\'s User length must not be longer than 104 characters',
      ],
    },
    {
      name: "Windows users that beep",
      container: { securityContext: { windowsOptions: { runAsUserName: "a\u0007" } } },
      faults: [
        'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "a\\u0007": runAsUserName cannot contain control characters',
      ],
    },
  ];
  it.each(rows)("$name", async ({ container, faults }) => {
    expect(await judge.create(podWithContainer(container))).toEqual(faults);
  });
});

describe("a pod", () => {
  const rows: readonly {
    readonly name: string;
    readonly spec: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "a context",
      spec: {
        securityContext: {
          fsGroup: 1,
          runAsUser: 1,
          runAsGroup: 1,
          supplementalGroups: [1],
          sysctls: [
            { name: "net.ipv4.tcp_x", value: "1" },
            { name: "kernel/shm_rmid_forced", value: "1" },
          ],
          fsGroupChangePolicy: "OnRootMismatch",
          supplementalGroupsPolicy: "Strict",
          seLinuxChangePolicy: "Recursive",
        },
      },
      faults: [],
    },
    {
      name: "users and groups",
      spec: {
        securityContext: {
          fsGroup: -1,
          runAsUser: 2147483648,
          runAsGroup: -1,
          supplementalGroups: [1, -1],
        },
      },
      faults: [
        "spec.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
        "spec.securityContext.runAsUser: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive",
        "spec.securityContext.runAsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
        "spec.securityContext.supplementalGroups[1]: Invalid value: -1: must be between 0 and 2147483647, inclusive",
      ],
    },
    {
      name: "policies",
      spec: {
        securityContext: {
          fsGroupChangePolicy: "Never",
          supplementalGroupsPolicy: "Own",
          seLinuxChangePolicy: "MountOption",
        },
      },
      faults: [
        'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
        'spec.securityContext.supplementalGroupsPolicy: Unsupported value: "Own": supported values: "Merge", "Strict"',
        'spec.securityContext.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"',
      ],
    },
    {
      name: "settings of the kernel",
      spec: {
        securityContext: {
          sysctls: [
            { name: "", value: "" },
            { name: "A", value: "" },
            { name: "a.b", value: "" },
            { name: "a.b", value: "" },
          ],
        },
      },
      faults: [
        "spec.securityContext.sysctls[0].name: Required value",
        'spec.securityContext.sysctls[1].name: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
        'spec.securityContext.sysctls[3].name: Duplicate value: "a.b"',
      ],
    },
    {
      name: "settings that are the host's",
      spec: {
        hostNetwork: true,
        hostIPC: true,
        securityContext: {
          sysctls: [
            { name: "net.ipv4.x", value: "" },
            { name: "net/ipv4/x", value: "" },
            { name: "kernel.sem", value: "" },
            { name: "fs.mqueue.x", value: "" },
            { name: "kernel.other", value: "" },
          ],
        },
      },
      faults: [
        "spec.securityContext.sysctls[0].name: Invalid value: \"net.ipv4.x\": may not be specified when 'hostNetwork' is true",
        "spec.securityContext.sysctls[1].name: Invalid value: \"net/ipv4/x\": may not be specified when 'hostNetwork' is true",
        "spec.securityContext.sysctls[2].name: Invalid value: \"kernel.sem\": may not be specified when 'hostIPC' is true",
        "spec.securityContext.sysctls[3].name: Invalid value: \"fs.mqueue.x\": may not be specified when 'hostIPC' is true",
      ],
    },
    {
      name: "processes shared with the host and each other",
      spec: { hostPID: true, shareProcessNamespace: true },
      faults: [
        "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
      ],
    },
    {
      name: "proc of users of its own",
      spec: {
        hostUsers: false,
        containers: [{ name: "a", image: "i", securityContext: { procMount: "Unmasked" } }],
      },
      faults: [],
    },
    {
      name: "users of its own among the host's processes",
      spec: {
        hostUsers: false,
        hostNetwork: true,
        hostPID: true,
        hostIPC: true,
        volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }],
        containers: [{ name: "a", image: "i", volumeDevices: [{ name: "v", devicePath: "/x" }] }],
      },
      faults: [
        "spec.hostNetwork: Forbidden: when `hostUsers` is false",
        "spec.HostPID: Forbidden: when `hostUsers` is false",
        "spec.HostIPC: Forbidden: when `hostUsers` is false",
        "spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
