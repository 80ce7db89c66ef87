// Ports of containers. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

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
      name: "ports",
      container: {
        ports: [
          { name: "http", containerPort: 80 },
          { name: "dns", containerPort: 53, protocol: "UDP", hostPort: 53 },
          { containerPort: 1, protocol: "SCTP" },
        ],
      },
      faults: [],
    },
    {
      name: "names",
      container: {
        ports: [
          { name: "a", containerPort: 1 },
          { name: "a", containerPort: 2 },
          { name: "A", containerPort: 3 },
          { name: "1", containerPort: 4 },
          { name: "-a", containerPort: 5 },
          { name: "aaaaaaaaaaaaaaaa", containerPort: 6 },
        ],
      },
      faults: [
        'spec.containers[0].ports[1].name: Duplicate value: "a"',
        'spec.containers[0].ports[2].name: Invalid value: "A": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'spec.containers[0].ports[2].name: Invalid value: "A": must contain at least one letter (a-z)',
        'spec.containers[0].ports[3].name: Invalid value: "1": must contain at least one letter (a-z)',
        'spec.containers[0].ports[4].name: Invalid value: "-a": must not begin or end with a hyphen',
        'spec.containers[0].ports[5].name: Invalid value: "aaaaaaaaaaaaaaaa": must be no more than 15 characters',
      ],
    },
    {
      name: "numbers",
      container: {
        ports: [
          { containerPort: 0 },
          { containerPort: -1 },
          { containerPort: 65536 },
          { containerPort: 1, hostPort: 65536 },
        ],
      },
      faults: [
        "spec.containers[0].ports[0].containerPort: Required value",
        "spec.containers[0].ports[1].containerPort: Invalid value: -1: must be between 1 and 65535, inclusive",
        "spec.containers[0].ports[2].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
        "spec.containers[0].ports[3].hostPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
      ],
    },
    {
      name: "protocols",
      container: {
        ports: [
          { containerPort: 1, protocol: "tcp" },
          { containerPort: 2, protocol: "" },
        ],
      },
      faults: [
        'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
      ],
    },
    {
      name: "a host port twice",
      container: {
        ports: [
          { containerPort: 1, hostPort: 80 },
          { containerPort: 2, hostPort: 80 },
          { containerPort: 3, hostPort: 80, protocol: "UDP" },
          { containerPort: 4, hostPort: 80, hostIP: "1.2.3.4" },
        ],
      },
      faults: ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
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
      name: "a host port of two containers",
      spec: {
        containers: [
          { name: "a", image: "i", ports: [{ containerPort: 1, hostPort: 80 }] },
          { name: "b", image: "i", ports: [{ containerPort: 1, hostPort: 80 }] },
        ],
      },
      faults: ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
    },
    {
      name: "a host port of what runs one by one",
      spec: {
        containers: [{ name: "a", image: "i", ports: [{ containerPort: 1, hostPort: 80 }] }],
        initContainers: [
          { name: "b", image: "i", ports: [{ containerPort: 1, hostPort: 80 }] },
          {
            name: "c",
            image: "i",
            ports: [
              { containerPort: 1, hostPort: 80 },
              { containerPort: 2, hostPort: 80 },
            ],
          },
        ],
      },
      faults: ['spec.initContainers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
    },
    {
      name: "the network of the host",
      spec: {
        hostNetwork: true,
        containers: [
          {
            name: "a",
            image: "i",
            ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 3 }],
          },
        ],
      },
      faults: [
        "spec.containers[0].ports[1].hostPort: Invalid value: 3: must match `containerPort` when `hostNetwork` is true",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
