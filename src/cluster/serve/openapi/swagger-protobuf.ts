// An OpenAPI v2 document in the form kubectl asks for: github.com/google/gnostic-models openapiv2/OpenAPIv2.proto, the
// messages our document has. What the format has no member for is left out.

import { isRecord } from "../../../core/index.ts";
import { bytesField, doubleField, integerField, textField } from "../protobuf/write-wire.ts";
import type { OpenApiNode } from "./components.ts";

/** A member's fields on the wire; none for a value of another shape. */
type Encode = (number: number, value: unknown) => readonly Buffer[];
type Members = Readonly<Record<string, readonly [number: number, encode: Encode]>>;

const text: Encode = (number, value) =>
  typeof value === "string" ? [textField(number, value)] : [];
const flag: Encode = (number, value) => (value === true ? [integerField(number, 1)] : []);
const integer: Encode = (number, value) =>
  typeof value === "number" && value >= 0 ? [integerField(number, value)] : [];
const double: Encode = (number, value) =>
  typeof value === "number" ? [doubleField(number, value)] : [];
/** `Any`: JSON, which is YAML. */
const any: Encode = (number, value) =>
  value === undefined ? [] : [bytesField(number, textField(2, JSON.stringify(value)))];

const many =
  (encode: Encode): Encode =>
  (number, value) =>
    Array.isArray(value) ? value.flatMap((one: unknown) => encode(number, one)) : [];

/** A message with one member that holds everything: `ItemsItem`, `SchemaItem`, a case of a `oneof`. */
const within =
  (member: number, encode: Encode): Encode =>
  (number, value) => [bytesField(number, Buffer.concat(encode(member, value)))];

/** A map: repeated pairs of name and value in one member of a message. */
const named =
  (member: number, encode: Encode): Encode =>
  (number, value) => {
    if (!isRecord(value)) return [];
    const pairs = Object.entries(value).map(([name, one]) =>
      bytesField(member, Buffer.concat([textField(1, name), ...encode(2, one)])),
    );
    return [bytesField(number, Buffer.concat(pairs))];
  };

/** `extensions` is the number of `vendor_extension`, which takes every `x-` member. */
const message =
  (members: Members, extensions?: number): Encode =>
  (number, value) =>
    isRecord(value) ? [bytesField(number, Buffer.concat(fields(members, extensions, value)))] : [];

function fields(members: Members, extensions: number | undefined, value: OpenApiNode): Buffer[] {
  return Object.entries(value).flatMap(([name, one]) => {
    const known = members[name];
    if (known !== undefined) return known[1](known[0], one);
    if (extensions === undefined || !name.startsWith("x-")) return [];
    return [bytesField(extensions, Buffer.concat([textField(1, name), ...any(2, one)]))];
  });
}

const schema: Encode = (number, value) => SCHEMA(number, value);
const oneOrMany = (encode: Encode): Encode => {
  return (number, value) => (Array.isArray(value) ? many(encode) : encode)(number, value);
};
const additional: Encode = (number, value) =>
  (isRecord(value) ? within(1, schema) : within(2, flag))(number, value);

const SCHEMA = message(
  {
    $ref: [1, text],
    format: [2, text],
    title: [3, text],
    description: [4, text],
    default: [5, any],
    multipleOf: [6, double],
    maximum: [7, double],
    exclusiveMaximum: [8, flag],
    minimum: [9, double],
    exclusiveMinimum: [10, flag],
    maxLength: [11, integer],
    minLength: [12, integer],
    pattern: [13, text],
    maxItems: [14, integer],
    minItems: [15, integer],
    uniqueItems: [16, flag],
    maxProperties: [17, integer],
    minProperties: [18, integer],
    required: [19, many(text)],
    enum: [20, many(any)],
    additionalProperties: [21, additional],
    type: [22, within(1, oneOrMany(text))],
    items: [23, within(1, schema)],
    properties: [25, named(1, schema)],
  },
  31,
);

const BODY = message({ name: [2, text], in: [3, text], required: [4, flag], schema: [5, schema] });
const QUERY = message({ in: [2, text], name: [4, text], type: [6, text], uniqueItems: [20, flag] });
const PATH = message({
  required: [1, flag],
  in: [2, text],
  name: [4, text],
  type: [5, text],
  uniqueItems: [19, flag],
});

const CASES: Readonly<Record<string, Encode>> = {
  body: within(1, BODY),
  query: within(2, within(3, QUERY)),
  path: within(2, within(4, PATH)),
};

/** ParametersItem > Parameter > the case for where it stands. */
const parameter: Encode = (number, value) => {
  const one = isRecord(value) ? CASES[String(value["in"])] : undefined;
  return one === undefined ? [] : within(1, one)(number, value);
};

const RESPONSE = message({ description: [1, text], schema: [2, within(1, schema)] });
const OPERATION = message(
  {
    operationId: [5, text],
    produces: [6, many(text)],
    consumes: [7, many(text)],
    parameters: [8, many(parameter)],
    responses: [9, named(1, within(1, RESPONSE))],
  },
  13,
);
const PATH_ITEM = message({
  get: [2, OPERATION],
  put: [3, OPERATION],
  post: [4, OPERATION],
  delete: [5, OPERATION],
  patch: [8, OPERATION],
  parameters: [9, many(parameter)],
});

const DOCUMENT: Members = {
  swagger: [1, text],
  info: [2, message({ title: [1, text], version: [2, text] })],
  paths: [8, named(2, PATH_ITEM)],
  definitions: [9, named(1, schema)],
};

export function encodeSwagger(document: OpenApiNode): Buffer {
  return Buffer.concat(fields(DOCUMENT, undefined, document));
}
