// Annotations that mean something to a pod. Texts are those of the pod strategy of kubernetes v1.36.2, whose rules are in pkg/apis/core/validation/validation.go.

import { describe, expect, it } from "vitest";
import { createJudge } from "../testing/judge.ts";
import { podWith } from "../testing/pods.ts";

const judge = createJudge();

describe("a pod", () => {
  const rows = [
    {
      name: "known ones",
      annotated: {
        annotations: {
          "controller.kubernetes.io/pod-deletion-cost": "-5",
          "seccomp.security.alpha.kubernetes.io/pod": "docker/default",
          "container.apparmor.security.beta.kubernetes.io/a": "localhost/x",
        },
        spec: {},
      },
      faults: [],
    },
    {
      name: "costs",
      annotated: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "+5" }, spec: {} },
      faults: [
        'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+5": must be a 32bit integer',
      ],
    },
    {
      name: "costs beyond 32 bits",
      annotated: {
        annotations: { "controller.kubernetes.io/pod-deletion-cost": "2147483648" },
        spec: {},
      },
      faults: [
        'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "2147483648": must be a 32bit integer',
      ],
    },
    {
      name: "seccomp",
      annotated: { annotations: { "seccomp.security.alpha.kubernetes.io/pod": "own" }, spec: {} },
      faults: [
        'metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "own": must be a valid seccomp profile',
      ],
    },
    {
      name: "seccomp of a container",
      annotated: {
        annotations: { "container.seccomp.security.alpha.kubernetes.io/a": "localhost//x" },
        spec: {},
      },
      faults: [
        'metadata.annotations.container.seccomp.security.alpha.kubernetes.io/a: Invalid value: "/x": must be a relative path',
      ],
    },
    {
      name: "AppArmor",
      annotated: {
        annotations: { "container.apparmor.security.beta.kubernetes.io/b": "own" },
        spec: {},
      },
      faults: [
        'metadata.annotations[container.apparmor.security.beta.kubernetes.io/b]: Invalid value: "b": container not found',
        'metadata.annotations[container.apparmor.security.beta.kubernetes.io/b]: Invalid value: "own": invalid AppArmor profile name: "own"',
      ],
    },
    {
      name: "a mirror of nothing",
      annotated: {
        annotations: { "kubernetes.io/config.mirror": "x" },
        spec: { resourceClaims: [{ name: "a", resourceClaimName: "b" }] },
      },
      faults: [
        'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
        "[]: Forbidden: static pods do not support resource claims",
      ],
    },
    {
      name: "seccomp said twice",
      annotated: {
        annotations: {
          "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
          "container.seccomp.security.alpha.kubernetes.io/a": "localhost/x",
        },
        spec: {
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "a",
              image: "i",
              securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "y" } },
            },
          ],
        },
      },
      faults: [
        "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match",
        "spec.containers[0].securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match",
      ],
    },
    {
      name: "AppArmor said twice",
      annotated: {
        annotations: { "container.apparmor.security.beta.kubernetes.io/a": "runtime/default" },
        spec: {
          securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: "x" } },
        },
      },
      faults: [],
    },
  ];
  it.each(rows)("$name", async ({ annotated, faults }) => {
    expect(await judge.create(podWith(annotated.spec, annotated.annotations))).toEqual(faults);
  });
});
