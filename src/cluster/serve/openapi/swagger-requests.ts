// Requests for `/openapi/v2`, as JSON or as protobuf. The document is made when it is first asked for, and again when kinds have
// changed. Mirrors k8s.io/kube-openapi pkg/handler.

import type { ResourceRegistry } from "../../api/registry.ts";
import { mediaType } from "../body.ts";
import { servedGroups } from "../discovery/served-groups.ts";
import type { Exchange } from "../exchange.ts";
import { answerText, JSON_TYPE } from "../respond.ts";
import { swaggerDocument } from "./swagger.ts";
import { encodeSwagger } from "./swagger-protobuf.ts";
import { tag } from "./tagged-document.ts";
import type { Tagged } from "./tagged-document.ts";

interface Swagger extends Tagged {
  readonly protobuf: Buffer;
}

/** Asked for with `@v1.0` or `.v1.0`, answered with the latter. */
const PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

export function createSwagger(registry: ResourceRegistry): (exchange: Exchange) => void {
  let made: Swagger | undefined;
  registry.onChange(() => (made = undefined));
  const current = (): Swagger => {
    if (made !== undefined) return made;
    const document = swaggerDocument(servedGroups(registry.all()));
    made = { ...tag(document), protobuf: encodeSwagger(document) };
    return made;
  };
  return (exchange) => answerSwagger(exchange, current);
}

function answerSwagger(exchange: Exchange, current: () => Swagger): void {
  const asksProtobuf = acceptedTypes(exchange).includes(PROTOBUF_TYPE);
  if (!asksProtobuf && !takesJson(exchange))
    return answerText(exchange, 406, "406 Not Acceptable\n");
  const { text, hash, protobuf } = current();
  const headers = { etag: `"${hash}"`, vary: "Accept" };
  if (exchange.header("if-none-match") === headers.etag) return exchange.answer(304, headers, "");
  if (asksProtobuf)
    return exchange.answer(200, { ...headers, "content-type": PROTOBUF_TYPE }, protobuf);
  exchange.answer(200, { ...headers, "content-type": JSON_TYPE }, text);
}

function acceptedTypes(exchange: Exchange): readonly string[] {
  const types = (exchange.header("accept") ?? "*/*").split(",").map(mediaType);
  return types.map((type) => type.replace("@v1.0+", ".v1.0+"));
}

export function takesJson(exchange: Exchange): boolean {
  return acceptedTypes(exchange).some(
    (type) => type === JSON_TYPE || type === "*/*" || type === "application/*",
  );
}
