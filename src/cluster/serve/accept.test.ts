import { describe, expect, it } from "vitest";

import { negotiate, parseAccept, wantsAggregated } from "./accept.ts";

const KUBECTL_GET =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

describe("negotiate", () => {
  it.each([
    [undefined, "json none v1"],
    ["*/*", "json none v1"],
    ["application/json", "json none v1"],
    ["application/json;stream=watch", "json none v1"],
    ["application/vnd.kubernetes.protobuf,application/json", "json none v1"],
    ["application/yaml", "yaml none v1"],
    ["application/yaml;q=0.5, application/json", "json none v1"],
    ["application/json;q=0", undefined],
    ["text/html, */*;q=0.1", "json none v1"],
    ["text/csv", undefined],
    [KUBECTL_GET, "json table v1"],
    ["application/json;as=Table;v=v1beta1;g=meta.k8s.io", "json table v1beta1"],
    ["application/json;as=Table;v=v9;g=meta.k8s.io", undefined],
    ["application/json;as=Nothing;v=v1;g=meta.k8s.io,application/json", "json none v1"],
    [
      "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
      "json metadata v1",
    ],
  ])("%s gives %s", (header, want) => {
    const found = negotiate(parseAccept(header));
    expect(found && `${found.encoding} ${found.transform} ${found.version}`).toBe(want);
  });
});

describe("wantsAggregated", () => {
  const aggregated = (version: string): string =>
    `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  it.each([
    [`${aggregated("v2")},${aggregated("v2beta1")},application/json`, true],
    ["application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io", true],
    [`${aggregated("v2beta1")},application/json`, false],
    [`application/json,${aggregated("v2")}`, false],
    ["*/*", false],
  ])("%s is %s", (header, want) => {
    expect(wantsAggregated(parseAccept(header))).toBe(want);
  });
});
