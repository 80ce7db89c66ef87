// The storefront as pods of a release run it: as it is, without back ends, behind a line that says the version of every answer.
// A version that begins with `bad` breaks all but the health of the shop.

import { join } from "node:path";

import { REPOSITORY } from "../../scripts/run-command.ts";

const VERSIONED = `
  import { Server } from "node:http";
  const { emit } = Server.prototype;
  const { VERSION } = process.env;
  Server.prototype.emit = function (event, request, response) {
    if (event !== "request") return emit.apply(this, arguments);
    response.setHeader("x-version", VERSION);
    if (!VERSION.startsWith("bad") || request.url === "/livez") return emit.apply(this, arguments);
    request.resume();
    response.writeHead(500).end();
    return true;
  };
`;

export const STOREFRONT = {
  command: [
    process.execPath,
    "--import",
    `data:text/javascript,${encodeURIComponent(VERSIONED)}`,
    "node_modules/jiti/lib/jiti-cli.mjs",
    "src/main.ts",
  ],
  directory: join(REPOSITORY, "examples", "storefront"),
} as const;
