// Policies against writes. Cases from kubernetes staging/src/k8s.io/apiserver pkg/admission/plugin/policy/validating/{admission,validator}_test.go
// @ 1.36, and the recorded answers of a real server.

import { beforeEach, describe, expect, it } from "vitest";
import { StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, configMap, NAMESPACE } from "../../api/testing/api-fixture.ts";
import { policyAdmission } from "./index.ts";

type Fields = Readonly<Record<string, unknown>>;

const CONFIG_MAPS = {
  apiGroups: [""],
  apiVersions: ["v1"],
  operations: ["CREATE", "UPDATE"],
  resources: ["configmaps"],
};

let api: KubeApi;

beforeEach(async () => {
  const { cluster, api: own } = apiFixture();
  for (const plugin of policyAdmission(cluster.context)) cluster.context.admission.add(plugin);
  api = own;
  const metadata = { name: NAMESPACE, labels: { team: "a" } };
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata });
});

const object = (kind: string, name: string, spec: Fields): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind,
  metadata: { name },
  spec,
});

async function policy(spec: Fields, binding: Fields = {}): Promise<void> {
  const matchConstraints = { resourceRules: [CONFIG_MAPS] };
  await api.create(object("ValidatingAdmissionPolicy", "p", { matchConstraints, ...spec }));
  const bound = { policyName: "p", validationActions: ["Deny"], ...binding };
  await api.create(object("ValidatingAdmissionPolicyBinding", "b", bound));
}

/** Undefined when the write is let through. */
async function refusal(written: KubernetesObject): Promise<string | undefined> {
  try {
    await api.create(written);
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const [, words = error.message] = error.message.split("denied request: ");
    return words;
  }
}

const deny = (expression: string, rest: Fields = {}): Fields => ({ expression, ...rest });

const CASES: readonly {
  readonly name: string;
  readonly spec: Fields;
  readonly binding?: Fields;
  readonly says: string | undefined;
}[] = [
  {
    name: "a validation that holds",
    spec: { validations: [deny("has(object.data.a)")] },
    says: undefined,
  },
  {
    name: "an expression says itself",
    spec: { validations: [deny("object.data.a == '2'")] },
    says: "failed expression: object.data.a == '2'",
  },
  {
    name: "a message expression, over the message",
    spec: {
      validations: [deny("false", { message: "m", messageExpression: "'a is ' + object.data.a" })],
    },
    says: "a is 1",
  },
  {
    name: "an empty message expression falls back",
    spec: { validations: [deny("false", { message: "m", messageExpression: "' '" })] },
    says: "m",
  },
  {
    name: "variables see those before them and are evaluated when asked",
    spec: {
      variables: [
        { name: "a", expression: "object.data.a" },
        { name: "twice", expression: "variables.a + variables.a" },
        { name: "broken", expression: "object.data.nope" },
      ],
      validations: [deny("variables.twice == '11'"), deny("variables.twice == '1'")],
    },
    says: "failed expression: variables.twice == '1'",
  },
  {
    name: "a variable that fails",
    spec: {
      variables: [{ name: "broken", expression: "object.data.nope" }],
      validations: [deny("variables.broken == '1'")],
    },
    says: `expression 'variables.broken == '1'' resulted in error: composited variable "broken" fails to evaluate: expression 'object.data.nope' resulted in error: no such key: nope`,
  },
  {
    name: "the failure policy decides about errors",
    spec: { failurePolicy: "Ignore", validations: [deny("object.data.nope == '1'")] },
    says: undefined,
  },
  {
    name: "match conditions that do not hold",
    spec: {
      matchConditions: [{ name: "never", expression: "object.data.a == '2'" }],
      validations: [deny("false")],
    },
    says: undefined,
  },
  {
    name: "a match condition that fails",
    spec: {
      matchConditions: [{ name: "broken", expression: "object.data.nope == '2'" }],
      validations: [deny("true")],
    },
    says: "expression 'object.data.nope == '2'' resulted in error: no such key: nope",
  },
  {
    name: "the request, the namespace and the authorizer",
    spec: {
      validations: [
        deny("request.operation == 'CREATE' && request.namespace == 'shop' && !request.dryRun"),
        deny(
          "request.kind.kind == 'ConfigMap' && request.requestResource.resource == 'configmaps'",
        ),
        deny("namespaceObject.metadata.labels.team == 'a' && oldObject == null"),
        deny("authorizer.group('apps').resource('deployments').check('create').allowed()"),
        deny(
          "authorizer.requestResource.check('update').allowed() && authorizer.path('/x').check('get').allowed()",
        ),
        deny("request.userInfo.username != ''"),
      ],
    },
    says: undefined,
  },
  {
    name: "a binding for other namespaces",
    spec: { validations: [deny("false")] },
    binding: { matchResources: { namespaceSelector: { matchLabels: { team: "b" } } } },
    says: undefined,
  },
  {
    name: "an excluded resource",
    spec: {
      matchConstraints: { resourceRules: [CONFIG_MAPS], excludeResourceRules: [CONFIG_MAPS] },
      validations: [deny("false")],
    },
    says: undefined,
  },
  {
    name: "an object selector",
    spec: {
      matchConstraints: {
        resourceRules: [CONFIG_MAPS],
        objectSelector: { matchLabels: { strict: "yes" } },
      },
      validations: [deny("false")],
    },
    says: undefined,
  },
  {
    name: "warnings do not refuse",
    spec: { validations: [deny("false")] },
    binding: { validationActions: ["Warn", "Audit"] },
    says: undefined,
  },
  {
    name: "parameters that are not there, and must be",
    spec: { paramKind: { apiVersion: "v1", kind: "Secret" }, validations: [deny("true")] },
    binding: { paramRef: { name: "limits", parameterNotFoundAction: "Deny" } },
    says: "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
  },
  {
    name: "parameters that are not there, and need not",
    spec: { paramKind: { apiVersion: "v1", kind: "Secret" }, validations: [deny("false")] },
    binding: { paramRef: { name: "limits", parameterNotFoundAction: "Allow" } },
    says: undefined,
  },
  {
    name: "a kind of parameters that is not served",
    spec: { paramKind: { apiVersion: "e.com/v1", kind: "Limit" }, validations: [deny("true")] },
    binding: { paramRef: { name: "limits", parameterNotFoundAction: "Allow" } },
    says: "failed to configure policy: failed to find resource referenced by paramKind: 'e.com/v1, Kind=Limit'",
  },
];

describe("validating policies", () => {
  it.each(CASES)("$name", async ({ spec, binding, says }) => {
    await policy(spec, binding);
    expect(await refusal(configMap("c"))).toBe(says);
  });

  it("hand out parameters by name and by label", async () => {
    const secret = (name: string, max: string): KubernetesObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: NAMESPACE, labels: { limits: "yes" } },
      stringData: { max },
    });
    await policy(
      {
        paramKind: { apiVersion: "v1", kind: "Secret" },
        validations: [deny("params.metadata.name != 'second'", { message: "second" })],
      },
      {
        paramRef: {
          selector: { matchLabels: { limits: "yes" } },
          parameterNotFoundAction: "Deny",
        },
      },
    );
    await api.create(secret("first", "1"));
    expect(await refusal(configMap("c"))).toBeUndefined();
    await api.create(secret("second", "2"));
    expect(await refusal(configMap("d"))).toBe("second");
  });

  it("answer with the reason of the validation", async () => {
    await policy({ validations: [deny("false", { message: "no", reason: "Forbidden" })] });
    const message = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no";
    await expect(api.create(configMap("c"))).rejects.toMatchObject({
      status: {
        reason: "Forbidden",
        code: 403,
        message: `configmaps "c" is forbidden: ${message}`,
        details: { kind: "configmaps", name: "c", causes: [{ message }] },
      },
    });
  });

  it("see the old object of an update", async () => {
    await policy({
      validations: [deny("request.operation == 'CREATE' || object.data.a == oldObject.data.a")],
    });
    const created = await api.create(configMap("c"));
    await api.update({ ...created, data: { a: "1", b: "2" } });
    const newest = await api.get({
      apiVersion: "v1",
      kind: "ConfigMap",
      name: "c",
      namespace: NAMESPACE,
    });
    await expect(api.update({ ...newest, data: { a: "2" } })).rejects.toThrow("failed expression");
  });

  it("match other versions of a resource when they are equivalent", async () => {
    const rule = {
      ...CONFIG_MAPS,
      apiGroups: ["autoscaling"],
      apiVersions: ["v1"],
      resources: ["horizontalpodautoscalers"],
    };
    await policy({
      matchConstraints: { resourceRules: [rule] },
      validations: [deny("object.apiVersion != 'autoscaling/v1' || request.kind.version != 'v1'")],
    });
    const autoscaler = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "h", namespace: NAMESPACE },
      spec: {
        maxReplicas: 2,
        scaleTargetRef: { kind: "Deployment", name: "d", apiVersion: "apps/v1" },
      },
    };
    expect(await refusal(autoscaler)).toContain("failed expression: object.apiVersion");
  });

  it("are never asked about policies", async () => {
    const everything = {
      apiGroups: ["*"],
      apiVersions: ["*"],
      operations: ["*"],
      resources: ["*"],
    };
    await policy({
      matchConstraints: { resourceRules: [everything] },
      validations: [deny("false")],
    });
    expect(await refusal(configMap("c"))).toBe("failed expression: false");
    await api.delete({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      name: "p",
    });
    expect(await refusal(configMap("c"))).toBeUndefined();
  });
});
