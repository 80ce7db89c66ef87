// Fields of a pod's spec beside its volumes and containers. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const judge = createJudge();

describe("a pod", () => {
  const rows: readonly {
    readonly name: string;
    readonly spec: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "names",
      spec: {
        serviceAccountName: "A",
        nodeName: "B",
        hostname: "a.b",
        subdomain: "C",
        priorityClassName: "D",
        runtimeClassName: "",
        schedulerName: "any",
      },
      faults: [
        "spec.serviceAccountName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.nodeName: Invalid value: \"B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.hostname: Invalid value: "a.b": must not contain dots',
        "spec.subdomain: Invalid value: \"C\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "spec.priorityClassName: Invalid value: \"D\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.runtimeClassName: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "policies",
      spec: { restartPolicy: "Sometimes", dnsPolicy: "Own", preemptionPolicy: "Always" },
      faults: [
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
        'spec.dnsPolicy: Unsupported value: "Own": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
        'spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
      ],
    },
    {
      name: "empty policies",
      spec: { restartPolicy: "", dnsPolicy: "", preemptionPolicy: "" },
      faults: ["spec.preemptionPolicy: Required value"],
    },
    {
      name: "deadlines",
      spec: { activeDeadlineSeconds: 0 },
      faults: [
        "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
      ],
    },
    {
      name: "late deadlines",
      spec: { activeDeadlineSeconds: 2147483648 },
      faults: [
        "spec.activeDeadlineSeconds: Invalid value: 2147483648: must be between 1 and 2147483647, inclusive",
      ],
    },
    {
      name: "labels of nodes",
      spec: { nodeSelector: { "-": "a b" } },
      faults: [
        "spec.nodeSelector: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.nodeSelector: Invalid value: \"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
    {
      name: "gates",
      spec: {
        readinessGates: [{ conditionType: "a/b/c" }, { conditionType: "Ready" }],
        schedulingGates: [{ name: "a" }, { name: "a" }, { name: "-" }],
      },
      faults: [
        "spec.readinessGates[0].conditionType: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
        'spec.schedulingGates[1]: Duplicate value: "a"',
        "spec.schedulingGates[2]: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    },
    {
      name: "gates of a pod that has a node",
      spec: { nodeName: "n", schedulingGates: [{ name: "a" }] },
      faults: [
        "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
      ],
    },
    {
      name: "tolerations",
      spec: {
        tolerations: [
          { key: "-", operator: "Exists" },
          { operator: "Equal" },
          { key: "a", operator: "Exists", value: "x", effect: "Own", tolerationSeconds: 1 },
          { key: "a", operator: "Gt", value: "1" },
        ],
      },
      faults: [
        "spec.tolerations[0].key: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        'spec.tolerations[1].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
        "spec.tolerations[2].effect: Invalid value: \"Own\": effect must be 'NoExecute' when `tolerationSeconds` is set",
        "spec.tolerations[2].operator: Invalid value: \"x\": value must be empty when `operator` is 'Exists'",
        'spec.tolerations[2].effect: Unsupported value: "Own": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
        'spec.tolerations[3].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
      ],
    },
    {
      name: "aliases",
      spec: {
        hostAliases: [
          { ip: "1.2.3", hostnames: ["A"] },
          { ip: "::1", hostnames: ["a.b"] },
        ],
      },
      faults: [
        'spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        "spec.hostAliases[0].hostnames[0]: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "no name servers",
      spec: { dnsPolicy: "None" },
      faults: ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    },
    {
      name: "none of them",
      spec: { dnsPolicy: "None", dnsConfig: { searches: ["A"] } },
      faults: [
        "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
      ],
    },
    {
      name: "too many name servers",
      spec: {
        dnsConfig: {
          nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "x"],
          searches: ["_a.b.", ".", "a_", "-"],
          options: [{ name: "" }],
        },
      },
      faults: [
        'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","1.1.1.2","1.1.1.3","x"]: must not have more than 3 nameservers',
        'spec.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        "spec.dnsConfig.searches[2]: Invalid value: \"a_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
        "spec.dnsConfig.searches[3]: Invalid value: \"-\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
        "spec.dnsConfig.options[0]: Required value: must not be empty",
      ],
    },
    {
      name: "too many searches",
      spec: { dnsConfig: { searches: Array.from({ length: 33 }, () => "a") } },
      faults: [
        'spec.dnsConfig.searches: Invalid value: ["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]: must not have more than 32 search paths',
      ],
    },
    {
      name: "its name",
      spec: { hostnameOverride: "A".repeat(65), setHostnameAsFQDN: true, hostNetwork: true },
      faults: [
        "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
        "spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
        "spec.hostnameOverride: Too long: may not be more than 64 bytes",
        "spec.hostnameOverride: Invalid value: \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    { name: "no system", spec: { os: { name: "" } }, faults: ["spec.os.name: Required value"] },
    {
      name: "another system",
      spec: { os: { name: "plan9" } },
      faults: ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
    },
    {
      name: "Linux",
      spec: {
        os: { name: "linux" },
        securityContext: { windowsOptions: {} },
        containers: [{ name: "a", image: "i", securityContext: { windowsOptions: {} } }],
      },
      faults: [
        "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
        "spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
      ],
    },
    {
      name: "Windows",
      spec: {
        os: { name: "windows" },
        hostUsers: true,
        hostPID: true,
        hostIPC: true,
        shareProcessNamespace: false,
        securityContext: {
          appArmorProfile: { type: "Unconfined" },
          seLinuxOptions: {},
          seccompProfile: { type: "Unconfined" },
          fsGroup: 1,
          fsGroupChangePolicy: "Always",
          sysctls: [{ name: "a", value: "" }],
          runAsUser: 1,
          runAsGroup: 1,
          supplementalGroups: [1],
          supplementalGroupsPolicy: "Merge",
          seLinuxChangePolicy: "Recursive",
        },
        containers: [
          {
            name: "a",
            image: "i",
            securityContext: {
              appArmorProfile: { type: "Unconfined" },
              seLinuxOptions: {},
              seccompProfile: { type: "Unconfined" },
              capabilities: {},
              readOnlyRootFilesystem: true,
              privileged: false,
              allowPrivilegeEscalation: true,
              procMount: "Default",
              runAsUser: 1,
              runAsGroup: 1,
            },
          },
        ],
      },
      faults: [
        "spec.securityContext.appArmorProfile: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.seLinuxOptions: Forbidden: cannot be set for a windows pod",
        "spec.hostUsers: Forbidden: cannot be set for a windows pod",
        "spec.hostPID: Forbidden: cannot be set for a windows pod",
        "spec.hostIPC: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.seccompProfile: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.fsGroupChangePolicy: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.sysctls: Forbidden: cannot be set for a windows pod",
        "spec.shareProcessNamespace: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.runAsGroup: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.supplementalGroups: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.supplementalGroupsPolicy: Forbidden: cannot be set for a windows pod",
        "spec.securityContext.seLinuxChangePolicy: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.appArmorProfile: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.seLinuxOptions: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.seccompProfile: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.capabilities: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.readOnlyRootFilesystem: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.allowPrivilegeEscalation: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.procMount: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
        "spec.containers[0].securityContext.runAsGroup: Forbidden: cannot be set for a windows pod",
      ],
    },
    {
      name: "processes of a Windows host",
      spec: {
        securityContext: { windowsOptions: { hostProcess: true } },
        containers: [
          { name: "a", image: "i" },
          { name: "b", image: "i", securityContext: { windowsOptions: { hostProcess: false } } },
        ],
      },
      faults: [
        "spec.containers[1].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true",
        'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
        "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
