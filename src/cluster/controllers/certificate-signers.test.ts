// Requests for certificates and what signers ask of them. Cases of the signers from kubernetes pkg/apis/certificates/helpers_test.go
// and pkg/controller/certificates/signer/signer_test.go.

import { describe, expect, it } from "vitest";

import { kubeletClientFault, parseSigningRequest, SIGNER_RULES } from "../../kubernetes/index.ts";
import {
  makeSigningRequest,
  type SigningRequestNames,
} from "../serve/pki/testing/make-signing-request.ts";

// openssl req -new -newkey ed25519 -subj "/O=shop/O=testers/CN=jane" -addext "subjectAltName=DNS:a.b,IP:::1,IP:10.0.0.1,email:j@a.b,URI:spiffe://a/b"
const BY_OPENSSL = `-----BEGIN CERTIFICATE REQUEST-----
MIH+MIGxAgEAMDAxDTALBgNVBAoMBHNob3AxEDAOBgNVBAoMB3Rlc3RlcnMxDTAL
BgNVBAMMBGphbmUwKjAFBgMrZXADIQD362dzx00VbVauQKz5pKSYnaiier9eiR+O
13b9raOyNqBOMEwGCSqGSIb3DQEJDjE/MD0wOwYDVR0RBDQwMoIDYS5ihxAAAAAA
AAAAAAAAAAAAAAABhwQKAAABgQVqQGEuYoYMc3BpZmZlOi8vYS9iMAUGAytlcANB
AOZ1W6vSzubowEuk/SNrESAx0yamFpVlOJV5cy+N/Zph3cymF2K7Qbngu2+mhbqs
xoAjAm7Nm+4OctfOxL3RvAA=
-----END CERTIFICATE REQUEST-----
`;

const encode = (pem: string): string => Buffer.from(pem).toString("base64");

describe("parseSigningRequest", () => {
  it("reads what openssl wrote", () => {
    expect(parseSigningRequest(encode(BY_OPENSSL))).toMatchObject({
      commonName: "jane",
      organizations: ["shop", "testers"],
      dnsNames: ["a.b"],
      addresses: ["0:0:0:0:0:0:0:1", "10.0.0.1"],
      emails: ["j@a.b"],
      uris: ["spiffe://a/b"],
      signatureFault: undefined,
    });
  });

  it("notices a signature of another key", () => {
    const { request } = makeSigningRequest({ commonName: "jane", signsWithAnother: true });
    expect(parseSigningRequest(request).signatureFault).toBe("x509: ECDSA verification failure");
  });

  it.each([
    { name: "another block", pem: BY_OPENSSL.replaceAll("CERTIFICATE REQUEST", "CERTIFICATE") },
    { name: "no block", pem: "hello" },
  ])("refuses $name", ({ pem }) => {
    expect(() => parseSigningRequest(encode(pem))).toThrow(
      "PEM block type must be CERTIFICATE REQUEST",
    );
  });

  it("refuses half a request", () => {
    const half = BY_OPENSSL.replace(/\n[^\n]*\n-----END/, "\n-----END");
    expect(() => parseSigningRequest(encode(half))).toThrow("asn1: syntax error: data truncated");
  });
});

const NODE: SigningRequestNames = {
  commonName: "system:node:node-foo",
  organizations: ["system:nodes"],
};
const CLIENT = ["digital signature", "key encipherment", "client auth"];
const SERVER = ["digital signature", "key encipherment", "server auth"];

const CASES: readonly {
  readonly name: string;
  readonly signer: string;
  readonly names: SigningRequestNames;
  readonly usages: readonly string[];
  readonly fault?: string;
}[] = [
  {
    name: "a kubelet's client",
    signer: "kube-apiserver-client-kubelet",
    names: NODE,
    usages: CLIENT,
  },
  {
    name: "one without key encipherment",
    signer: "kube-apiserver-client-kubelet",
    names: NODE,
    usages: ["digital signature", "client auth"],
  },
  {
    name: "a client of another organization",
    signer: "kube-apiserver-client-kubelet",
    names: { ...NODE, organizations: ["not-system:nodes"] },
    usages: CLIENT,
    fault: "subject organization is not system:nodes",
  },
  {
    name: "a client that is no node",
    signer: "kube-apiserver-client-kubelet",
    names: { ...NODE, commonName: "not-system:node:node-foo" },
    usages: CLIENT,
    fault: "subject common name does not begin with system:node:",
  },
  {
    name: "a client with a DNS name",
    signer: "kube-apiserver-client-kubelet",
    names: { ...NODE, hosts: ["node-foo"] },
    usages: CLIENT,
    fault: "DNS subjectAltNames are not allowed",
  },
  {
    name: "a client with an address",
    signer: "kube-apiserver-client-kubelet",
    names: { ...NODE, hosts: ["1.2.3.4"] },
    usages: CLIENT,
    fault: "IP subjectAltNames are not allowed",
  },
  {
    name: "a client for serving",
    signer: "kube-apiserver-client-kubelet",
    names: NODE,
    usages: SERVER,
    fault: "usages did not match [client auth digital signature key encipherment]",
  },
  {
    name: "a kubelet that serves",
    signer: "kubelet-serving",
    names: { ...NODE, hosts: ["example.com", "1.2.3.4"] },
    usages: SERVER,
  },
  {
    name: "a kubelet that serves under no name",
    signer: "kubelet-serving",
    names: NODE,
    usages: SERVER,
    fault: "DNS or IP subjectAltName is required",
  },
  {
    name: "a kubelet that serves with a URI",
    signer: "kubelet-serving",
    names: { ...NODE, hosts: ["example.com", "https://a/b"] },
    usages: SERVER,
    fault: "URI subjectAltNames are not allowed",
  },
  {
    name: "a kubelet that serves as a client",
    signer: "kubelet-serving",
    names: { ...NODE, hosts: ["example.com"] },
    usages: CLIENT,
    fault: "usages did not match [digital signature key encipherment server auth]",
  },
  {
    name: "a client of the API",
    signer: "kube-apiserver-client",
    names: { commonName: "anybody" },
    usages: CLIENT,
  },
  {
    name: "a client that wants to sign code",
    signer: "kube-apiserver-client",
    names: { commonName: "anybody" },
    usages: ["client auth", "code signing"],
    fault: "invalid usage for client certificate: code signing",
  },
  {
    name: "a client that is none",
    signer: "kube-apiserver-client",
    names: { commonName: "anybody" },
    usages: ["digital signature"],
    fault: "missing required usage for client certificate: client auth",
  },
];

describe("signers", () => {
  it.each(CASES)("$signer: $name", ({ signer, names, usages, fault }) => {
    const request = parseSigningRequest(makeSigningRequest(names).request);
    expect(SIGNER_RULES.get(`kubernetes.io/${signer}`)?.(request, usages)).toBe(fault);
  });

  it("ask the same of a kubelet that wants approval", () => {
    const request = parseSigningRequest(makeSigningRequest(NODE).request);
    expect(kubeletClientFault(request, CLIENT)).toBeUndefined();
  });
});
