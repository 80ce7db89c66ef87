import { expect, test } from "vitest";
import { podRequests } from "./resources.ts";
import type { Container } from "./container.ts";
import type { PodSpec } from "./pod.ts";

const asks = (cpu: string, over: Partial<Container> = {}): Container => ({
  name: "c",
  resources: { requests: { cpu } },
  ...over,
});

const CASES: readonly { readonly name: string; readonly spec: PodSpec; readonly cpu: number }[] = [
  { name: "containers add up", spec: { containers: [asks("100m"), asks("0.25")] }, cpu: 350 },
  {
    name: "the largest init container counts when it is larger",
    spec: { containers: [asks("100m")], initContainers: [asks("1"), asks("2")] },
    cpu: 2000,
  },
  {
    name: "a sidecar runs beside the containers",
    spec: {
      containers: [asks("100m")],
      initContainers: [asks("50m", { restartPolicy: "Always" })],
    },
    cpu: 150,
  },
  {
    name: "an init container after a sidecar needs both",
    spec: {
      containers: [asks("100m")],
      initContainers: [asks("500m", { restartPolicy: "Always" }), asks("1")],
    },
    cpu: 1500,
  },
  {
    name: "a limit stands in for a missing request",
    spec: { containers: [{ name: "c", resources: { limits: { cpu: "2" } } }] },
    cpu: 2000,
  },
  {
    name: "overhead is added",
    spec: { containers: [asks("1")], overhead: { cpu: "10m" } },
    cpu: 1010,
  },
];

test.each(CASES)("$name", ({ spec, cpu }) => {
  expect(podRequests(spec).get("cpu")).toBe(cpu);
});
