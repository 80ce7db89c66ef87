// Probes and lifecycle handlers of containers. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

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
      name: "every kind of handler",
      container: {
        livenessProbe: { httpGet: { port: 8080, httpHeaders: [{ name: "X-A", value: "1" }] } },
        readinessProbe: { tcpSocket: { port: "http" } },
        startupProbe: { grpc: { port: 9090 } },
        lifecycle: { postStart: { exec: { command: ["a"] } }, preStop: { sleep: { seconds: 30 } } },
      },
      faults: [],
    },
    {
      name: "no handler",
      container: {
        livenessProbe: {},
        readinessProbe: {},
        startupProbe: {},
        lifecycle: { postStart: {}, preStop: {} },
      },
      faults: [
        "spec.containers[0].lifecycle.postStart: Required value: must specify a handler type",
        "spec.containers[0].lifecycle.preStop: Required value: must specify a handler type",
        "spec.containers[0].livenessProbe: Required value: must specify a handler type",
        "spec.containers[0].readinessProbe: Required value: must specify a handler type",
        "spec.containers[0].startupProbe: Required value: must specify a handler type",
      ],
    },
    {
      name: "two handlers",
      container: {
        livenessProbe: { exec: { command: ["a"] }, grpc: { port: 1 } },
        lifecycle: {
          preStop: { httpGet: { port: 1 }, tcpSocket: { port: 1 }, sleep: { seconds: 1 } },
        },
      },
      faults: [
        "spec.containers[0].lifecycle.preStop.tcpSocket: Forbidden: may not specify more than 1 handler type",
        "spec.containers[0].lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type",
        "spec.containers[0].livenessProbe.grpc: Forbidden: may not specify more than 1 handler type",
      ],
    },
    {
      name: "a command that is empty",
      container: { readinessProbe: { exec: { command: [] } } },
      faults: ["spec.containers[0].readinessProbe.exec.command: Required value"],
    },
    {
      name: "a request that says nothing right",
      container: {
        readinessProbe: {
          httpGet: {
            path: "/",
            port: 0,
            scheme: "ftp",
            httpHeaders: [
              { name: "a b", value: "" },
              { name: "", value: "" },
            ],
          },
        },
      },
      faults: [
        "spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
        'spec.containers[0].readinessProbe.httpGet.scheme: Unsupported value: "ftp": supported values: "HTTP", "HTTPS"',
        "spec.containers[0].readinessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
        "spec.containers[0].readinessProbe.httpGet.httpHeaders: Invalid value: \"\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ],
    },
    {
      name: "ports by wrong names",
      container: {
        readinessProbe: { httpGet: { port: "-" } },
        livenessProbe: { tcpSocket: { port: "a--b" } },
        startupProbe: { tcpSocket: { port: "" } },
      },
      faults: [
        'spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: "a--b": must not contain consecutive hyphens',
        'spec.containers[0].readinessProbe.httpGet.port: Invalid value: "-": must contain at least one letter (a-z)',
        'spec.containers[0].readinessProbe.httpGet.port: Invalid value: "-": must not begin or end with a hyphen',
        'spec.containers[0].startupProbe.tcpSocket.port: Invalid value: "": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'spec.containers[0].startupProbe.tcpSocket.port: Invalid value: "": must contain at least one letter (a-z)',
      ],
    },
    {
      name: "ports out of range",
      container: {
        readinessProbe: { grpc: { port: 65536 } },
        livenessProbe: { tcpSocket: { port: -1 } },
      },
      faults: [
        "spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: -1: must be between 1 and 65535, inclusive",
        "spec.containers[0].readinessProbe.grpc.port: Invalid value: 65536: must be between 1 and 65535, inclusive",
      ],
    },
    {
      name: "numbers below zero",
      container: {
        livenessProbe: {
          exec: { command: ["a"] },
          initialDelaySeconds: -1,
          timeoutSeconds: -1,
          periodSeconds: -1,
          successThreshold: -1,
          failureThreshold: -1,
          terminationGracePeriodSeconds: 0,
        },
      },
      faults: [
        "spec.containers[0].livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.containers[0].livenessProbe.timeoutSeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.containers[0].livenessProbe.successThreshold: Invalid value: -1: must be greater than or equal to 0",
        "spec.containers[0].livenessProbe.failureThreshold: Invalid value: -1: must be greater than or equal to 0",
        "spec.containers[0].livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0",
        "spec.containers[0].livenessProbe.successThreshold: Invalid value: -1: must be 1",
      ],
    },
    {
      name: "success more than once",
      container: {
        livenessProbe: { exec: { command: ["a"] }, successThreshold: 2 },
        startupProbe: { exec: { command: ["a"] }, successThreshold: 2 },
        readinessProbe: { exec: { command: ["a"] }, successThreshold: 2 },
      },
      faults: [
        "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
        "spec.containers[0].startupProbe.successThreshold: Invalid value: 2: must be 1",
      ],
    },
    {
      name: "grace periods",
      container: {
        livenessProbe: { exec: { command: ["a"] }, terminationGracePeriodSeconds: -1 },
        startupProbe: { exec: { command: ["a"] }, terminationGracePeriodSeconds: 1 },
        readinessProbe: { exec: { command: ["a"] }, terminationGracePeriodSeconds: 1 },
      },
      faults: [
        "spec.containers[0].livenessProbe.terminationGracePeriodSeconds: Invalid value: -1: must be greater than 0",
        "spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for readinessProbes",
      ],
    },
    {
      name: "sleep beyond the end",
      container: {
        lifecycle: { preStop: { sleep: { seconds: 31 } }, postStart: { sleep: { seconds: -1 } } },
      },
      faults: [
        "spec.containers[0].lifecycle.postStart.sleep: Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)",
        "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)",
      ],
    },
    {
      name: "zero is what is not set",
      container: {
        livenessProbe: {
          exec: { command: ["a"] },
          timeoutSeconds: 0,
          periodSeconds: 0,
          successThreshold: 0,
          failureThreshold: 0,
        },
      },
      faults: [],
    },
  ];
  it.each(rows)("$name", async ({ container, faults }) => {
    expect(await judge.create(podWithContainer(container))).toEqual(faults);
  });
});

describe("an init container", () => {
  const rows: readonly {
    readonly name: string;
    readonly init: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "probes of what ends before",
      init: { lifecycle: {}, livenessProbe: {}, readinessProbe: {}, startupProbe: {} },
      faults: [
        "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
        "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
        "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
        "spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
      ],
    },
    {
      name: "probes of a sidecar",
      init: {
        restartPolicy: "Always",
        lifecycle: { preStop: { exec: { command: ["a"] } } },
        livenessProbe: { exec: { command: ["a"] } },
        readinessProbe: {},
        startupProbe: { exec: { command: ["a"] }, successThreshold: 3 },
      },
      faults: [
        "spec.initContainers[0].readinessProbe: Required value: must specify a handler type",
        "spec.initContainers[0].startupProbe.successThreshold: Invalid value: 3: must be 1",
      ],
    },
  ];
  it.each(rows)("$name", async ({ init, faults }) => {
    expect(
      await judge.create(podWith({ initContainers: [{ name: "b", image: "i", ...init }] })),
    ).toEqual(faults);
  });
});
