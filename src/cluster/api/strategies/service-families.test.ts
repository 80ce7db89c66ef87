// IP families of Services on a cluster with IPv4 alone. Cases from kubernetes pkg/registry/core/service/storage/storage_test.go
// (TestCreateInitIPFields, clusters "singlestack:v4") and validation_test.go (TestValidateServiceClusterIPsRelatedFields).

import { beforeAll, describe, expect, it } from "vitest";

import { StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, NAMESPACE } from "../testing/api-fixture.ts";

type Spec = Readonly<Record<string, unknown>>;

let api: KubeApi;
beforeAll(async () => {
  ({ api } = apiFixture());
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
});

const service = (spec: Spec): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { generateName: "s-", name: "", namespace: NAMESPACE },
  spec: { ports: [{ port: 80 }], selector: { app: "a" }, ...spec },
});

async function outcome(spec: Spec): Promise<unknown> {
  try {
    const made = (await api.create(service(spec)))["spec"] as Spec;
    return [made["ipFamilyPolicy"], made["ipFamilies"]];
  } catch (error) {
    if (error instanceof StatusError)
      return error.message.replace(/^.* is invalid: /, "").replace(/^\[(.*)\]$/, "$1");
    throw error;
  }
}

const SINGLE = ["SingleStack", ["IPv4"]];
const BOTH = ["RequireDualStack", ["IPv4", "IPv6"]];
const V6 = "2000:1::1";
const V4 = "10.43.9.9";
const ABSENT = {
  family: 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  second: 'spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster',
  dual: 'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
};

const CASES: readonly { readonly name: string; readonly spec: Spec; readonly is: unknown }[] = [
  { name: "nothing said", spec: {}, is: SINGLE },
  { name: "v4", spec: { ipFamilies: ["IPv4"] }, is: SINGLE },
  { name: "v6", spec: { ipFamilies: ["IPv6"] }, is: ABSENT.family },
  {
    name: "v4 and v6 without a policy",
    spec: { ipFamilies: ["IPv4", "IPv6"] },
    is: `spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
  },
  {
    name: "a v6 address",
    spec: { clusterIPs: [V6], clusterIP: V6 },
    is: `spec.clusterIPs[0]: Invalid value: ["${V6}"]: IPv6 is not configured on this cluster`,
  },
  {
    name: "two addresses of one family",
    spec: { clusterIP: V4, clusterIPs: [V4, "10.43.9.8"], ipFamilyPolicy: "PreferDualStack" },
    is: `spec.clusterIPs: Invalid value: ["${V4}","10.43.9.8"]: may specify no more than one IP for each IP family`,
  },
  {
    name: "an address of another family than it says",
    spec: { clusterIP: V6, clusterIPs: [V6], ipFamilies: ["IPv4"] },
    is: `spec.clusterIPs[0]: Invalid value: "${V6}": expected an IPv4 value as indicated by \`ipFamilies[0]\``,
  },
  {
    name: "no address",
    spec: { clusterIP: "tcp", clusterIPs: ["tcp"] },
    is: 'spec.clusterIPs[0]: Invalid value: "tcp": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  },
  {
    name: "a family and a policy nobody knows",
    spec: { ipFamilies: ["IPv5"], ipFamilyPolicy: "Both" },
    is: 'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6", spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
  },
  {
    name: "prefer",
    spec: { ipFamilyPolicy: "PreferDualStack" },
    is: ["PreferDualStack", ["IPv4"]],
  },
  {
    name: "prefer, v4 and v6",
    spec: { ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv4", "IPv6"] },
    is: ABSENT.second,
  },
  { name: "require", spec: { ipFamilyPolicy: "RequireDualStack" }, is: ABSENT.dual },
  {
    name: "require, v4 and v6",
    spec: { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv4", "IPv6"] },
    is: `${ABSENT.dual}, ${ABSENT.second}`,
  },
  { name: "headless", spec: { clusterIP: "None" }, is: SINGLE },
  { name: "headless, v6", spec: { clusterIP: "None", ipFamilies: ["IPv6"] }, is: ABSENT.family },
  { name: "headless, no selector", spec: { clusterIP: "None", selector: undefined }, is: BOTH },
  {
    name: "headless, no selector, v6",
    spec: { clusterIP: "None", selector: undefined, ipFamilies: ["IPv6"] },
    is: ["RequireDualStack", ["IPv6", "IPv4"]],
  },
  {
    name: "headless, no selector, single, v6",
    spec: {
      clusterIP: "None",
      selector: undefined,
      ipFamilies: ["IPv6"],
      ipFamilyPolicy: "SingleStack",
    },
    is: ["SingleStack", ["IPv6"]],
  },
];

describe("families of a Service", () => {
  it.each(CASES)("$name", async ({ spec, is }) => {
    expect(await outcome(spec)).toEqual(is);
  });

  it("stay as they are when nobody says anything, and may be preferred later", async () => {
    const made = await api.create(service({}));
    const spec = made["spec"] as Spec;
    const { ipFamilies: _families, ipFamilyPolicy: _policy, ...rest } = spec;
    const kept = await api.update({ ...made, spec: rest });
    expect(kept["spec"]).toEqual(spec);
    const preferring = { ...rest, ipFamilyPolicy: "PreferDualStack" };
    const preferred = await api.update({ ...kept, spec: preferring });
    expect(preferred["spec"]).toEqual({ ...spec, ipFamilyPolicy: "PreferDualStack" });
    const requiring = { ...rest, ipFamilyPolicy: "RequireDualStack" };
    await expect(api.update({ ...preferred, spec: requiring })).rejects.toThrow(ABSENT.dual);
  });
});
