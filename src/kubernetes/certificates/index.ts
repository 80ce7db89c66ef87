export * from "./certificate-usages.ts";
export { DerError, membersOf, readDer } from "./der.ts";
export type { DerValue } from "./der.ts";
export * from "./signers.ts";
export * from "./signing-request.ts";
