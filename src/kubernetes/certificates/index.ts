export * from "./certificate-usages.ts";
export { DerError } from "./der.ts";
export * from "./signers.ts";
export * from "./signing-request.ts";
