// What starts a MariaDB or MySQL server in the place of its container. Facts of the programs: MariaDB 10.11 and MySQL 8.4
// reference manuals, mariadb-install-db, mysqld --initialize-insecure and --init-file (one statement a line).

/** `sh -c … mysql SERVER INSTALLER DATA`. The data follows the Secret: the password is set at every start. */
export const SERVER_SCRIPT = `set -eu
server=$1 installer=$2 data=$3
umask 077
if [ ! -d "$data/mysql" ]; then
  rm -rf "$data.new"
  if [ "$installer" = "$server" ]; then
    "$server" --no-defaults --initialize-insecure --datadir="$data.new"
  else
    "$installer" --no-defaults --datadir="$data.new" --auth-root-authentication-method=normal --skip-test-db > /dev/null
  fi
  mv "$data.new" "$data"
fi
cat > "$data.sql" <<END
CREATE DATABASE IF NOT EXISTS \\\`$MYSQL_DATABASE\\\`;
CREATE USER IF NOT EXISTS '$MYSQL_USER'@'%';
ALTER USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON \\\`$MYSQL_DATABASE\\\`.* TO '$MYSQL_USER'@'%';
ALTER USER 'root'@'localhost' ACCOUNT LOCK;
END
# A socket of a short name: the server works in its data folder, and paths of sockets end at 107 characters.
exec "$server" --no-defaults --datadir="$data" --init-file="$data.sql" --bind-address="$HOST" --port=3306 \\
  --socket=server.sock --pid-file=server.pid --skip-name-resolve
`;
