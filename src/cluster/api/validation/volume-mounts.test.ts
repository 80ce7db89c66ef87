// Mounts and devices of containers. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWithContainer } from "../testing/pods.ts";

const judge = createJudge();
const VOLUMES = [
  { name: "tmp", emptyDir: {} },
  { name: "data", persistentVolumeClaim: { claimName: "c" } },
];

describe("a container", () => {
  const rows: readonly {
    readonly name: string;
    readonly mounting: object;
    readonly faults: readonly string[];
  }[] = [
    {
      name: "mounts and devices",
      mounting: {
        volumeMounts: [
          { name: "tmp", mountPath: "/a", subPath: "x/y" },
          {
            name: "tmp",
            mountPath: "/b",
            subPathExpr: "$(X)",
            readOnly: true,
            recursiveReadOnly: "Enabled",
            mountPropagation: "None",
          },
        ],
        volumeDevices: [{ name: "data", devicePath: "/dev/a" }],
      },
      faults: [],
    },
    {
      name: "unknown and without names",
      mounting: {
        volumeMounts: [
          { name: "", mountPath: "" },
          { name: "no", mountPath: "/a" },
          { name: "tmp", mountPath: "/a" },
        ],
      },
      faults: [
        "spec.containers[0].volumeMounts[0].name: Required value",
        'spec.containers[0].volumeMounts[0].name: Not found: ""',
        "spec.containers[0].volumeMounts[0].mountPath: Required value",
        'spec.containers[0].volumeMounts[1].name: Not found: "no"',
        'spec.containers[0].volumeMounts[2].mountPath: Invalid value: "/a": must be unique',
      ],
    },
    {
      name: "paths that lead elsewhere",
      mounting: {
        volumeMounts: [
          { name: "tmp", mountPath: "/a", subPath: "/x" },
          { name: "tmp", mountPath: "/b", subPath: "a/../b", subPathExpr: "../../x" },
        ],
      },
      faults: [
        'spec.containers[0].volumeMounts.subPath: Invalid value: "/x": must be a relative path',
        "spec.containers[0].volumeMounts.subPath: Invalid value: \"a/../b\": must not contain '..'",
        'spec.containers[0].volumeMounts[1].subPathExpr: Invalid value: "../../x": subPathExpr and subPath are mutually exclusive',
        "spec.containers[0].volumeMounts.subPathExpr: Invalid value: \"../../x\": must not contain '..'",
      ],
    },
    {
      name: "propagation",
      mounting: {
        volumeMounts: [
          { name: "tmp", mountPath: "/a", mountPropagation: "Both" },
          { name: "tmp", mountPath: "/b", mountPropagation: "Bidirectional" },
        ],
      },
      faults: [
        'spec.containers[0].volumeMounts.mountPropagation: Unsupported value: "Both": supported values: "Bidirectional", "HostToContainer", "None"',
        "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
      ],
    },
    {
      name: "propagation of a privileged container",
      mounting: {
        securityContext: { privileged: true },
        volumeMounts: [{ name: "tmp", mountPath: "/b", mountPropagation: "Bidirectional" }],
      },
      faults: [],
    },
    {
      name: "read only all the way",
      mounting: {
        volumeMounts: [
          { name: "tmp", mountPath: "/a", recursiveReadOnly: "Enabled" },
          {
            name: "tmp",
            mountPath: "/b",
            readOnly: true,
            mountPropagation: "HostToContainer",
            recursiveReadOnly: "IfPossible",
          },
          { name: "tmp", mountPath: "/c", recursiveReadOnly: "Always" },
          { name: "tmp", mountPath: "/d", recursiveReadOnly: "Disabled" },
        ],
      },
      faults: [
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified",
        'spec.containers[0].volumeMounts.recursiveReadOnly: Unsupported value: "Always": supported values: "Disabled", "Enabled", "IfPossible"',
      ],
    },
    {
      name: "devices",
      mounting: {
        volumeDevices: [
          { name: "tmp", devicePath: "/x" },
          { name: "data", devicePath: "/y" },
          { name: "data", devicePath: "/y" },
          { name: "", devicePath: "" },
          { name: "no", devicePath: "/../z" },
        ],
      },
      faults: [
        'spec.containers[0].volumeDevices[0].name: Invalid value: "tmp": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        'spec.containers[0].volumeDevices[2].name: Invalid value: "data": must be unique',
        'spec.containers[0].volumeDevices[2].devicePath: Invalid value: "/y": must be unique',
        "spec.containers[0].volumeDevices[3].name: Required value",
        'spec.containers[0].volumeDevices[3].name: Not found: ""',
        "spec.containers[0].volumeDevices[3].devicePath: Required value",
        'spec.containers[0].volumeDevices[4].name: Not found: "no"',
        "spec.containers[0].volumeDevices[4].devicePath: Invalid value: \"/../z\": can not contain backsteps ('..')",
      ],
    },
    {
      name: "one volume both ways",
      mounting: {
        volumeMounts: [{ name: "data", mountPath: "/x" }],
        volumeDevices: [{ name: "data", devicePath: "/x" }],
      },
      faults: [
        'spec.containers[0].volumeMounts[0].name: Invalid value: "data": must not already exist in volumeDevices',
        'spec.containers[0].volumeMounts[0].mountPath: Invalid value: "/x": must not already exist as a path in volumeDevices',
        'spec.containers[0].volumeDevices[0].name: Invalid value: "data": must not already exist in volumeMounts',
        'spec.containers[0].volumeDevices[0].devicePath: Invalid value: "/x": must not already exist as a path in volumeMounts',
      ],
    },
  ];
  it.each(rows)("$name", async ({ mounting, faults }) => {
    expect(await judge.create(podWithContainer(mounting, { volumes: VOLUMES }))).toEqual(faults);
  });
});
