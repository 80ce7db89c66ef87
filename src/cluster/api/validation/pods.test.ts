// Pods as templates of others, and what is filled in before they are judged. Texts are those of the strategies of kubernetes v1.36.2.

import { describe, expect, it } from "vitest";
import { recordAt } from "./fields.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture } from "../testing/api-fixture.ts";
import { createJudge } from "../testing/judge.ts";
import { podWith, podWithContainer } from "../testing/pods.ts";
import { validatePod, validatePodTemplate } from "./pods.ts";

const judge = createJudge();
const CONTAINERS = [{ name: "a", image: "i" }];
const labels = { app: "a" };

function podTemplate(spec: object, annotations = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name: "test", namespace: "default" },
    template: { metadata: { labels, annotations }, spec: { containers: CONTAINERS, ...spec } },
  };
}

describe("a template", () => {
  const rows = [
    {
      name: "what a pod may not have, but a template may",
      spec: {
        containers: [{ name: "a", image: " i " }],
        volumes: [
          { name: "v", image: { reference: "" } },
          { name: "t", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
        ],
      },
      faults: [],
    },
    {
      name: "containers that look at others",
      spec: { ephemeralContainers: [{ name: "e", image: "i" }] },
      faults: [
        "template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template",
      ],
    },
    {
      name: "a policy that is none",
      spec: { restartPolicy: "Sometimes" },
      faults: [
        'template.spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      ],
    },
    {
      name: "a host port that is not the container's",
      spec: {
        hostNetwork: true,
        containers: [{ name: "a", image: "i", ports: [{ containerPort: 1, hostPort: 2 }] }],
      },
      faults: [
        "template.spec.containers[0].ports[0].hostPort: Invalid value: 2: must match `containerPort` when `hostNetwork` is true",
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, faults }) => {
    expect(await judge.create(podTemplate(spec))).toEqual(faults);
  });

  it("says the same of AppArmor in annotations and fields", async () => {
    const annotations = { "container.apparmor.security.beta.kubernetes.io/a": "runtime/default" };
    const spec = { securityContext: { appArmorProfile: { type: "Unconfined" } } };
    expect(await judge.create(podTemplate(spec, annotations))).toEqual([
      "template.spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match",
    ]);
  });

  it("of a StatefulSet mounts its claims, and names no pod", () => {
    const spec = {
      ...recordAt(podWithContainer({ volumeMounts: [{ name: "data", mountPath: "/d" }] }), "spec"),
      volumes: [{ name: "data", hostPath: { path: "" } }],
      hostname: "A",
      subdomain: "B",
      restartPolicy: "Always",
      dnsPolicy: "Default",
    };
    const faults = validatePodTemplate("t", { spec }, ["Always"], ["data"]);
    const missing = ["terminationMessagePolicy", "imagePullPolicy"];
    expect(faults.map(({ field }) => field)).toEqual(
      missing.map((name) => `t.spec.containers[0].${name}`),
    );
  });
});

describe("a spec that is shared", () => {
  it("is not good for a pod because it is good for a template", () => {
    const spec = Object.freeze({
      restartPolicy: "Always",
      dnsPolicy: "Default",
      containers: [
        { name: "a", image: " i", terminationMessagePolicy: "File", imagePullPolicy: "Always" },
      ],
    });
    const all = ["Always", "OnFailure", "Never"];
    const pod = { ...podWith({}), spec };
    for (let round = 0; round < 2; round += 1) {
      expect(validatePodTemplate("template", { spec }, all)).toEqual([]);
      expect(validatePod(pod).map(({ field }) => field)).toEqual(["spec.containers[0].image"]);
    }
  });

  it("is good for one name of a pod, and not for another", () => {
    const ephemeral = {
      volumeClaimTemplate: {
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    };
    const spec = Object.freeze({
      restartPolicy: "Always",
      dnsPolicy: "Default",
      volumes: [{ name: "v", ephemeral }],
      containers: [
        { name: "a", image: "i", terminationMessagePolicy: "File", imagePullPolicy: "Always" },
      ],
    });
    const named = (name: string): readonly unknown[] => {
      const pod = podWith({});
      return validatePod({ ...pod, metadata: { ...pod.metadata, name }, spec });
    };
    expect(named("short")).toEqual([]);
    expect(named("a".repeat(253))).toHaveLength(1);
  });
});

describe("what is filled in", () => {
  it("takes the place of empty texts and zeros that the server keeps as values", async () => {
    const { api } = apiFixture();
    const container = {
      imagePullPolicy: "",
      terminationMessagePolicy: "",
      ports: [{ containerPort: 1, protocol: "" }],
      livenessProbe: { httpGet: { port: 1, path: "", scheme: "" }, successThreshold: 0 },
    };
    const pod = await api.create(podWithContainer(container, { restartPolicy: "", dnsPolicy: "" }));
    expect(pod["spec"]).toMatchObject({
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      containers: [
        {
          imagePullPolicy: "Always",
          terminationMessagePolicy: "File",
          ports: [{ protocol: "TCP" }],
          livenessProbe: { httpGet: { path: "/", scheme: "HTTP" }, successThreshold: 1 },
        },
      ],
    });
  });

  const container = (limits: object, requests: object): object => ({
    name: "a",
    image: "i",
    resources: { limits, requests },
  });
  const rows = [
    {
      name: "what containers ask for",
      containers: [container({}, { cpu: "100m" })],
      resources: { limits: { cpu: "1", memory: "1Gi" } },
      whole: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "100m", memory: "1Gi" } },
    },
    {
      name: "pages that limit containers",
      containers: [container({ cpu: "1", "hugepages-2Mi": "4Mi" }, {})],
      resources: { limits: { cpu: "2" } },
      whole: {
        limits: { cpu: "2", "hugepages-2Mi": "4Mi" },
        requests: { cpu: "1", "hugepages-2Mi": "4Mi" },
      },
    },
    {
      name: "nothing where nothing is limited",
      containers: [container({}, { cpu: "100m" })],
      resources: { requests: { memory: "1Gi" } },
      whole: { requests: { memory: "1Gi" } },
    },
  ];
  it.each(rows)("is $name for a pod as a whole", async ({ containers, resources, whole }) => {
    const { api } = apiFixture();
    const pod = await api.create(podWith({ containers, resources }));
    expect(recordAt(recordAt(pod, "spec"), "resources")).toEqual(whole);
  });
});
