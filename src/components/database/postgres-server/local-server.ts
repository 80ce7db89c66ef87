// What starts a PostgreSQL server in the place of its container. Facts of the image's variables are those of docker-library/
// postgres docker-entrypoint.sh @6edb0a8c4d; of the programs, PostgreSQL 15 to 18 documentation, "Server Applications".

/** `sh -c … postgres BIN DATA`. The data follows the Secret: the role's password is set at every start. */
export const SERVER_SCRIPT = `set -eu
bin=$1 data=$2
if [ ! -s "$data/PG_VERSION" ]; then
  rm -rf "$data.new"
  "$bin/initdb" --pgdata="$data.new" --username="$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 \\
    --encoding=UTF8 --locale=C --no-sync --no-instructions
  if [ "$POSTGRES_DB" != postgres ]; then
    echo "CREATE DATABASE \\"$POSTGRES_DB\\"" | "$bin/postgres" --single -D "$data.new" postgres > /dev/null
  fi
  mv "$data.new" "$data"
fi
echo "ALTER ROLE \\"$POSTGRES_USER\\" PASSWORD '$POSTGRES_PASSWORD'" | "$bin/postgres" --single -D "$data" postgres > /dev/null
# SIGTERM would wait for every client to leave; the image's own stop signal is SIGINT.
trap 'kill -INT "$server"' TERM INT
"$bin/postgres" -D "$data" -c listen_addresses="$HOST" -c port=5432 -c unix_socket_directories= &
server=$!
while kill -0 "$server" 2> /dev/null; do wait "$server" && code=0 || code=$?; done
exit "$code"
`;

/** Takes the loopback address that probes name for the pod's own, which is the only one the server listens on. */
export const READY_WRAPPER = `#!/bin/sh
for word do
  shift
  case $word in --host=127.0.0.1 | --host=localhost) word=--host=$HOST ;; esac
  set -- "$@" "$word"
done
exec "$PG_ISREADY" "$@"
`;

/**
 * `pg_isready` for distributions without it: says hello and looks at the answer. Source: PostgreSQL documentation, "Message
 * Flow", and src/bin/scripts/pg_isready.c for the exit codes.
 */
export const readyProgram = (node: string): string => `#!${node}
const option = (name, preset) =>
  process.argv.map((word) => word.split("=")).find(([key]) => key === "--" + name)?.[1] ?? preset;
const named = option("host", "127.0.0.1");
const host = /^(127\\.0\\.0\\.1|localhost)$/.test(named) ? process.env.HOST ?? named : named;
const port = Number(option("port", "5432"));
const user = option("username", "postgres");
const text = Buffer.from("user\\0" + user + "\\0database\\0" + option("dbname", user) + "\\0\\0");
const hello = Buffer.alloc(8);
hello.writeInt32BE(8 + text.length, 0);
hello.writeInt32BE(196608, 4);
const done = (code, word) => { console.log(host + ":" + port + " - " + word); process.exit(code); };
const socket = require("node:net").connect(port, host, () => socket.write(Buffer.concat([hello, text])));
socket.setTimeout(3000, () => done(2, "no response"));
socket.on("error", () => done(2, "no response"));
socket.on("data", (data) =>
  data.toString("latin1").includes("57P03") ? done(1, "rejecting connections") : done(0, "accepting connections"));
`;
