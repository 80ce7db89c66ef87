// Variables of containers. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

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
      name: "every kind of source",
      container: {
        env: [
          { name: "A", value: "b" },
          { name: "my.env-1 x", valueFrom: { fieldRef: { fieldPath: "status.podIPs" } } },
          {
            name: "N",
            valueFrom: { fieldRef: { fieldPath: "metadata.annotations['Example.com/X']" } },
          },
          {
            name: "R",
            valueFrom: { resourceFieldRef: { resource: "requests.hugepages-2Mi", divisor: "1Mi" } },
          },
          { name: "C", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } },
          { name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
        ],
        envFrom: [{ prefix: "P", configMapRef: { name: "c" } }, { secretRef: { name: "s" } }],
      },
      faults: [],
    },
    {
      name: "names",
      container: { env: [{ name: "" }, { name: "a=b" }, { name: "é" }, { name: "1 ok" }] },
      faults: [
        "spec.containers[0].env[0].name: Required value",
        "spec.containers[0].env[1].name: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='",
        "spec.containers[0].env[2].name: Invalid value: \"é\": a valid environment variable name must consist only of printable ASCII characters other than '='",
      ],
    },
    {
      name: "no source",
      container: { env: [{ name: "a", valueFrom: {} }] },
      faults: [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ],
    },
    {
      name: "value and source",
      container: {
        env: [{ name: "a", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
      },
      faults: [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      ],
    },
    {
      name: "two sources",
      container: {
        env: [
          {
            name: "a",
            valueFrom: {
              fieldRef: { fieldPath: "metadata.name" },
              secretKeyRef: { name: "s", key: "k" },
            },
          },
        ],
      },
      faults: [
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time',
      ],
    },
    {
      name: "fields that are none",
      container: {
        env: [
          { name: "a", valueFrom: { fieldRef: { fieldPath: "" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "metadata.labels" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "status.phase" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "nothing" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "spec.host" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "metadata.name['x']" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "metadata.labels['-']" } } },
          { name: "a", valueFrom: { fieldRef: { fieldPath: "metadata.annotations['A/B/C']" } } },
        ],
      },
      faults: [
        "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Required value",
        'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
        'spec.containers[0].env[2].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
        'spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: Invalid value: "nothing": error converting fieldPath: field label not supported: nothing',
        "spec.containers[0].env[5].valueFrom.fieldRef.fieldPath: Invalid value: \"metadata.name['x']\": error converting fieldPath: field label does not support subscript: metadata.name['x']",
        "spec.containers[0].env[6].valueFrom.fieldRef: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.containers[0].env[7].valueFrom.fieldRef: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    },
    {
      name: "field of another version",
      container: {
        env: [
          { name: "a", valueFrom: { fieldRef: { apiVersion: "v2", fieldPath: "metadata.name" } } },
        ],
      },
      faults: [
        'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2',
      ],
    },
    {
      name: "resources that are none",
      container: {
        env: [
          { name: "a", valueFrom: { resourceFieldRef: { resource: "" } } },
          { name: "a", valueFrom: { resourceFieldRef: { resource: "limits.gpu" } } },
          { name: "a", valueFrom: { resourceFieldRef: { resource: "requests.cpu" } } },
        ],
      },
      faults: [
        "spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Required value",
        'spec.containers[0].env[1].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
      ],
    },
    {
      name: "divisors",
      container: {
        env: [
          { name: "a", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
          {
            name: "a",
            valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "10m" } },
          },
          {
            name: "a",
            valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1000m" } },
          },
          {
            name: "a",
            valueFrom: { resourceFieldRef: { resource: "requests.memory", divisor: "3Mi" } },
          },
          {
            name: "a",
            valueFrom: {
              resourceFieldRef: { resource: "limits.ephemeral-storage", divisor: "1m" },
            },
          },
          {
            name: "a",
            valueFrom: { resourceFieldRef: { resource: "limits.hugepages-2Mi", divisor: "5" } },
          },
          {
            name: "a",
            valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1024Ki" } },
          },
        ],
      },
      faults: [
        'spec.containers[0].env[1].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
        'spec.containers[0].env[3].valueFrom.resourceFieldRef.divisor: Invalid value: "requests.memory": only divisor\'s values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource',
        'spec.containers[0].env[4].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.ephemeral-storage": only divisor\'s values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the local ephemeral storage resource',
        'spec.containers[0].env[5].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.hugepages-2Mi": only divisor\'s values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the hugepages resource',
      ],
    },
    {
      name: "keys",
      container: {
        env: [
          { name: "a", valueFrom: { configMapKeyRef: { name: "A", key: "" } } },
          { name: "a", valueFrom: { secretKeyRef: { name: "s", key: "a b" } } },
          { name: "a", valueFrom: { secretKeyRef: { name: "s", key: "..x" } } },
          { name: "a", valueFrom: { secretKeyRef: { name: "s", key: ".." } } },
          { name: "a", valueFrom: { configMapKeyRef: { name: "", key: "a".repeat(254) } } },
        ],
      },
      faults: [
        "spec.containers[0].env[0].valueFrom.configMapKeyRef.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: Required value",
        "spec.containers[0].env[1].valueFrom.secretKeyRef.key: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        "spec.containers[0].env[2].valueFrom.secretKeyRef.key: Invalid value: \"..x\": must not start with '..'",
        "spec.containers[0].env[3].valueFrom.secretKeyRef.key: Invalid value: \"..\": must not be '..'",
        "spec.containers[0].env[4].valueFrom.configMapKeyRef.name: Invalid value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.containers[0].env[4].valueFrom.configMapKeyRef.key: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 253 characters',
      ],
    },
    {
      name: "files of no volume",
      container: {
        env: [
          { name: "a", valueFrom: { fileKeyRef: { volumeName: "A", path: "../x", key: "a=b" } } },
          { name: "b", valueFrom: { fileKeyRef: { volumeName: "", path: "", key: "" } } },
        ],
      },
      faults: [
        "spec.containers[0].env[0].valueFrom.fileKeyRef.key: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='",
        "spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        "spec.containers[0].env[0].valueFrom.fileKeyRef.path: Invalid value: \"../x\": must not contain '..'",
        "spec.containers[0].env[1].valueFrom.fileKeyRef.key: Required value",
        "spec.containers[0].env[1].valueFrom.fileKeyRef.volumeName: Required value",
        "spec.containers[0].env[1].valueFrom.fileKeyRef.path: Required value",
        'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "A"',
        'spec.containers[0].env[1].valueFrom.fileKeyRef.volumeName: Not found: ""',
      ],
    },
    {
      name: "whole sources",
      container: {
        envFrom: [
          {},
          { prefix: "=", configMapRef: { name: "" }, secretRef: { name: "A" } },
          { secretRef: { name: "a-" } },
        ],
      },
      faults: [
        'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
        "spec.containers[0].envFrom[1].prefix: Invalid value: \"=\": a valid environment variable name must consist only of printable ASCII characters other than '='",
        "spec.containers[0].envFrom[1].configMapRef.name: Required value",
        "spec.containers[0].envFrom[1].secretRef.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'spec.containers[0].envFrom: Invalid value: "": may not have more than one field specified at a time',
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
      name: "a file of an emptyDir",
      spec: {
        containers: [
          {
            name: "a",
            image: "i",
            env: [
              { name: "a", valueFrom: { fileKeyRef: { volumeName: "v", path: "x", key: "K" } } },
            ],
          },
        ],
        volumes: [{ name: "v", emptyDir: {} }],
      },
      faults: [],
    },
    {
      name: "a file of another volume",
      spec: {
        containers: [
          {
            name: "a",
            image: "i",
            env: [
              { name: "a", valueFrom: { fileKeyRef: { volumeName: "v", path: "x", key: "K" } } },
            ],
          },
        ],
        volumes: [{ name: "v", secret: { secretName: "s" } }],
      },
      faults: [
        'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir',
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
