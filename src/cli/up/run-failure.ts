// What can go wrong outside the definition while a platform starts, in words and with what to type.

import { BootstrapError } from "../../delivery/index.ts";
import type { UpOptions } from "../commands/up.ts";

export interface RunFailure {
  readonly message: string;
  readonly hint?: string;
}

/** Undefined for everything else: that is a bug of ours. */
export function explainRunFailure(error: unknown, options: UpOptions): RunFailure | undefined {
  if (error instanceof BootstrapError) return { message: messageWithCause(error) };
  if (!isListenError(error)) return undefined;
  const { code, port } = error;
  const option = optionOf(port, options);
  if (code === "EADDRINUSE")
    return { message: `port ${port} is in use`, hint: `${option} 0 picks a free one` };
  return {
    message: `port ${port} cannot be opened: ${code}`,
    hint: `choose another with ${option}`,
  };
}

function messageWithCause({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

type ListenError = NodeJS.ErrnoException & { readonly code: string; readonly port: number };

function isListenError(error: unknown): error is ListenError {
  return (
    error instanceof Error && "port" in error && "syscall" in error && error.syscall === "listen"
  );
}

/** The API takes the ports upwards from its first. */
function optionOf(port: number, { httpPort, httpsPort }: UpOptions): string {
  if (port === httpPort) return "--http-port";
  return port === httpsPort ? "--https-port" : "--port";
}
