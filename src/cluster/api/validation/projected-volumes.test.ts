// Projected volumes of pods. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const judge = createJudge();

describe("a pod", () => {
  const rows = [
    {
      name: "every kind of source",
      projected: {
        sources: [
          { secret: { name: "s", items: [{ key: "k", path: "a" }] } },
          { configMap: { name: "c", items: [{ key: "k", path: "b" }] } },
          { downwardAPI: { items: [{ path: "c", fieldRef: { fieldPath: "metadata.name" } }] } },
          { serviceAccountToken: { path: "token" } },
          {},
        ],
      },
      faults: [],
    },
    {
      name: "modes",
      projected: {
        defaultMode: 512,
        sources: [{ configMap: { name: "c", items: [{ key: "k", path: "a", mode: -1 }] } }],
      },
      faults: [
        "spec.volumes[0].projected.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
        "spec.volumes[0].projected.sources[0].configMap.items[0].mode: Invalid value: -1: must be a number between 0 and 0777 (octal), both inclusive",
      ],
    },
    {
      name: "two kinds in one",
      projected: { sources: [{ secret: { name: "" }, configMap: { name: "" } }] },
      faults: [
        "spec.volumes[0].projected.sources[0].secret.name: Required value",
        "spec.volumes[0].projected.sources[0].configMap.name: Required value",
        "spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source",
      ],
    },
    {
      name: "paths that are taken",
      projected: {
        sources: [
          {
            secret: {
              name: "s",
              items: [
                { key: "k", path: "a" },
                { key: "l", path: "a" },
              ],
            },
          },
          { configMap: { name: "c", items: [{ key: "k", path: "a" }] } },
          { downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "metadata.name" } }] } },
        ],
      },
      faults: [
        'spec.volumes[0].projected: Invalid value: "s": conflicting duplicate paths',
        'spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths',
        'spec.volumes[0].projected: Invalid value: "a": conflicting duplicate paths',
      ],
    },
    {
      name: "tokens",
      projected: {
        sources: [
          { serviceAccountToken: { path: "", expirationSeconds: 599 } },
          { serviceAccountToken: { path: "../x", expirationSeconds: 4294967297 } },
        ],
      },
      faults: [
        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
        "spec.volumes[0].projected.path: Required value",
        "spec.volumes[0].projected.sources[1].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds",
        "spec.volumes[0].projected.path: Invalid value: \"../x\": must not contain '..'",
      ],
    },
    {
      name: "files",
      projected: {
        sources: [
          {
            downwardAPI: {
              items: [
                { path: "/x" },
                { path: "y", resourceFieldRef: { containerName: "", resource: "x" } },
              ],
            },
          },
        ],
      },
      faults: [
        'spec.volumes[0].projected.sources[0].downwardAPI.path: Invalid value: "/x": must be a relative path',
        "spec.volumes[0].projected.sources[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required",
        "spec.volumes[0].projected.sources[0].downwardAPI.resourceFieldRef.containerName: Required value",
      ],
    },
  ];
  it.each(rows)("$name", async ({ projected, faults }) => {
    expect(await judge.create(podWith({ volumes: [{ name: "v", projected }] }))).toEqual(faults);
  });
});

describe("a pod without an account", () => {
  const rows: readonly {
    readonly name: string;
    readonly spec: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "a token of nobody",
      spec: {
        volumes: [{ name: "a", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
      },
      faults: [
        "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podWith({ serviceAccountName: "", ...spec }))).toEqual(faults);
  });
});
