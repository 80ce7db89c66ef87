// How a run ends, for scripts. 130 after Ctrl-C comes from the shell or from a command that stops in good order.

export const EXIT = {
  /** Fine, warnings included. */
  ok: 0,
  /** Errors found, or the operation failed. */
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Our mistake (sysexits' EX_SOFTWARE). */
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
