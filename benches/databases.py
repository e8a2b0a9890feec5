"""The two databases: makes, fills, copies and drops one, and runs a script on it."""

import os
import shutil
import sqlite3
import subprocess
from glob import glob

WORDS = {
    "sqlite": {"uuid": "BLOB", "instant": "TEXT", "int": "INTEGER", "text": "TEXT", "textof": "lower(hex({}))"},
    "postgres": {"uuid": "uuid", "instant": "timestamptz", "int": "bigint", "text": "text", "textof": "({})::text"},
}
"What a staging table's columns are called; `textof` turns a uuid into text."


def program(name):
    """A PostgreSQL program: on the path, or where Debian keeps that of each version."""
    found = shutil.which(name) or next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
    if found is None:
        raise SystemExit(f"{name} is not installed; leave PostgreSQL out with --databases sqlite")
    return found


class Sqlite:
    """SQLite files in `folder`, as durable as Connects opens them: WAL and FULL."""

    kind = "sqlite"

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, f"{name}.db")

    def url(self, name):
        return f"sqlite:{self.path(name)}"

    def fresh(self, name):
        """Makes room for a new database; `connects migrate` makes the file."""
        self.drop(name)

    def copy(self, source, target):
        """Copies a database that nobody has open, with what the last process may have left in the log beside it."""
        self.drop(target)
        link = sqlite3.connect(self.path(source))
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        link.close()
        shutil.copyfile(self.path(source), self.path(target))
        with open(self.path(target), "rb+") as copied:
            os.fsync(copied.fileno())

    def drop(self, name):
        for ending in ("", "-wal", "-shm", ".key"):
            if os.path.exists(self.path(name) + ending):
                os.remove(self.path(name) + ending)

    def open(self, name):
        """A connection with the pragmas that Connects uses."""
        link = sqlite3.connect(self.path(name), isolation_level=None, cached_statements=256)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            link.execute(f"PRAGMA {pragma}")
        if link.execute("PRAGMA synchronous").fetchone() != (2,):
            raise SystemExit("SQLite is not at synchronous = FULL; the figures would be void")
        return link

    def load(self, name, tables, script):
        """Stages `tables` of (name, columns, rows) and runs `script` over them, without durability."""
        link = sqlite3.connect(self.path(name), isolation_level=None)
        link.execute("PRAGMA journal_mode = OFF")
        link.execute("PRAGMA synchronous = OFF")
        link.execute("BEGIN")
        # Python's SQLite may be too old for the search index, which nothing here asks.
        searched = "FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'job_posts_words%'"
        triggers = link.execute(f"SELECT name, sql {searched}").fetchall()
        for trigger, _ in triggers:
            link.execute(f"DROP TRIGGER {trigger}")
        for table, columns, rows in tables:
            link.execute(f"CREATE TEMP TABLE {table} ({_columns(columns, self.kind)})")
            marks = ", ".join("?" * len(columns))
            link.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        for statement in script:
            link.execute(statement)
        for _, trigger in triggers:
            link.execute(trigger)
        link.execute("COMMIT")
        link.execute("PRAGMA journal_mode = WAL")
        link.close()

    def rows(self, name, query):
        link = self.open(name)
        try:
            return link.execute(query).fetchall()
        finally:
            link.close()

    def version(self):
        return f"SQLite {sqlite3.sqlite_version} in the floors (Connects brings its own)"

    def settle(self):
        """There is nothing left to write."""

    def written(self):
        """What it has written apart from its client: nothing, because it has no process."""
        return (0,)

    def cpu(self):
        """CPU seconds of the database apart from its client: none, because it has no process."""
        return 0.0


class Postgres:
    """Databases on the server at `server`, a URL without a database. The user must be a superuser."""

    kind = "postgres"

    def __init__(self, server):
        self.server = server.rstrip("/")
        settings = self.sql("postgres", "SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        if settings.strip() != "on|on":
            raise SystemExit(f"PostgreSQL has fsync|synchronous_commit {settings.strip()}; the figures would be void")
        self.postmaster = self._find_postmaster()

    def name(self, name):
        return f"connects_bench_{os.getpid()}_{name}"

    def url(self, name):
        return f"{self.server}/{self.name(name)}"

    def fresh(self, name):
        self.drop(name)
        self.sql("postgres", f"CREATE DATABASE {self.name(name)} TEMPLATE template0 ENCODING 'UTF8'")

    def copy(self, source, target):
        self.drop(target)
        self.sql("postgres", f"CREATE DATABASE {self.name(target)} TEMPLATE {self.name(source)} STRATEGY file_copy")

    def drop(self, name):
        self.sql("postgres", f"DROP DATABASE IF EXISTS {self.name(name)} WITH (FORCE)")

    def psql(self, name, script):
        """Runs `script`, an iterable of texts, in one psql; returns what it printed."""
        where = f"{self.server}/postgres" if name == "postgres" else self.url(name)
        command = [program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", where]
        quiet = os.environ | {"PGOPTIONS": "-c client_min_messages=warning"}
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=quiet)
        try:
            for text in script:
                running.stdin.write(text)
            running.stdin.close()
        except BrokenPipeError:
            pass
        printed = running.stdout.read()
        if running.wait() != 0:
            raise SystemExit("psql failed; see its message above")
        return printed

    def sql(self, name, statement):
        return self.psql(name, [statement, ";\n"])

    def load(self, name, tables, script):
        """As on SQLite; foreign keys are not checked while loading; the result is proven afterwards."""
        self.psql(name, _copying(tables, script))
        self.sql(name, "VACUUM ANALYZE")

    def rows(self, name, query):
        return [tuple(line.split("|")) for line in self.sql(name, query).splitlines()]

    def version(self):
        return "PostgreSQL " + self.sql("postgres", "SHOW server_version").split()[0]

    def settle(self):
        """Writes out what copying left, so that no measurement includes it."""
        self.sql("postgres", "CHECKPOINT")

    def cpu(self):
        """CPU seconds of all server processes so far; 0 when they are not on this machine."""
        if self.postmaster is None:
            return 0.0
        ticks = 0
        for folder in glob("/proc/[0-9]*"):
            try:
                with open(f"{folder}/stat", encoding="ascii", errors="replace") as stat:
                    fields = stat.read().rpartition(")")[2].split()
            except OSError:
                continue
            if folder == f"/proc/{self.postmaster}":
                ticks += sum(map(int, fields[11:15]))
            elif fields[1] == self.postmaster:
                ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def written(self):
        """Bytes of the write-ahead log so far, and how often it was flushed."""
        values = self.sql("postgres", "SELECT pg_current_wal_lsn() - '0/0', wal_sync FROM pg_stat_wal").split("|")
        return tuple(map(int, values))

    def _find_postmaster(self):
        """The parent of our backend, if it runs on this machine."""
        answer = self.psql("postgres", ["SELECT pg_backend_pid() AS pid \\gset\n\\setenv BACKEND :pid\n",
                                        "\\! awk '{print $4, $2}' /proc/$BACKEND/stat 2>/dev/null\n"])
        fields = answer.split()
        return fields[0] if fields[1:] == ["(postgres)"] else None


def _columns(columns, kind):
    return ", ".join(f"{column} {WORDS[kind][word]}" for column, word in columns.items())


def _copying(tables, script):
    yield "SET session_replication_role = replica;\nSET synchronous_commit = off;\nBEGIN;\n"
    for table, columns, rows in tables:
        yield f"CREATE TEMP TABLE {table} ({_columns(columns, 'postgres')});\nCOPY {table} FROM STDIN;\n"
        for row in rows:
            yield "\t".join(value.hex() if isinstance(value, bytes) else str(value) for value in row) + "\n"
        yield f"\\.\nANALYZE {table};\n"
    for statement in script:
        yield f"{statement};\n"
    yield "COMMIT;\n"
