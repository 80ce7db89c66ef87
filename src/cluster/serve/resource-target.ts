// What a request is about, as the verbs take it, and its body.

import { parseBody } from "./body.ts";
import type { ResourceRequest } from "./server-context.ts";

export function targetOf({ resource, path, caller }: ResourceRequest) {
  return { resource, namespace: path.namespace, name: path.name, caller };
}

/** Parsed by its content type. */
export async function readRequestBody({ exchange, resource, path }: ResourceRequest) {
  const bytes = await exchange.readBody();
  const { kind, subresourceFacts } = resource.facts;
  const part = subresourceFacts?.find(({ name }) => name === path.subresource);
  return parseBody(bytes, exchange.header("content-type"), part?.kind ?? kind);
}
