// A tiny process that notices when the runtime is gone, however it went, and ends the process groups it was told of. The
// pipe to it closes with the runtime; a Ctrl-C in the terminal does not reach it.

import { spawn } from "node:child_process";

export interface CrashGuard {
  add(pid: number): void;
  remove(pid: number): void;
  /** Nothing is left to be ended. */
  close(): void;
}

/** `+ PID` and `- PID` on the standard input; its end means that nobody else will end what is left. */
const SCRIPT = `
pids=' '
while read -r what pid; do
  case $what in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
[ "$pids" = ' ' ] && exit 0
for pid in $pids; do kill -TERM "-$pid" 2>/dev/null; done
sleep 2
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
`;

export function startCrashGuard(): CrashGuard {
  const guard = spawn("/bin/sh", ["-c", SCRIPT], {
    detached: true,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without it everything works but for a runtime that is killed; the next start cleans up then.
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  const tell = (line: string): void => {
    if (guard.stdin.writable) guard.stdin.write(line);
  };
  return {
    add: (pid) => tell(`+ ${pid}\n`),
    remove: (pid) => tell(`- ${pid}\n`),
    close: () => void guard.stdin.end(),
  };
}
