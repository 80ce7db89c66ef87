import type { Client } from "./replay.mjs";

export function startNodes(client: Client): Promise<{ stop(): void }>;
