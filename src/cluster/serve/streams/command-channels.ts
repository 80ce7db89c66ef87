// What a command or an attached client has to itself, whichever of WebSocket and SPDY carries it.

import type { ExecStreams } from "../../api/node-agent-hook.ts";
import type { CommandStatus } from "./command-status.ts";

export interface CommandChannels {
  readonly streams: ExecStreams;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
  /** Sends what is still to be sent, tells how it ended, and closes the connection. */
  finish(status: CommandStatus): Promise<void>;
}
