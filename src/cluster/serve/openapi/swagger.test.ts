// The v2 document: the words of v2, and the same in protobuf.

import { describe, expect, it } from "vitest";

import { at } from "../../../core/index.ts";
import { createResourceRegistry } from "../../api/registry.ts";
import { servedGroups } from "../discovery/served-groups.ts";
import { readFields } from "../protobuf/wire.ts";
import { swaggerDocument } from "./swagger.ts";
import { encodeSwagger } from "./swagger-protobuf.ts";

const document = swaggerDocument(servedGroups(createResourceRegistry().all()));
