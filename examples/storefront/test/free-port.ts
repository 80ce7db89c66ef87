// A TCP port nobody uses at the moment.

import { createServer, type AddressInfo } from "node:net";

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      // A listening TCP server has an AddressInfo; only pipes have a string.
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
