export * from "./cluster.ts";
export * from "./embedded-cluster.ts";
export * from "./store/index.ts";
export * from "./api/index.ts";
export * from "./serve/pki/certificate-profile.ts";
export * from "./serve/pki/issue-certificate.ts";
