"""A fresh database for a run, and its removal."""

import glob
import os
import shutil
import subprocess

TIMEOUT = 60


def client():
    """The `psql` program: on the path, or where Debian keeps that of each version."""
    found = shutil.which("psql") or next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"))), None)
    if found is None:
        raise SystemExit("psql is not installed; it makes and drops the PostgreSQL databases")
    return found


class Sqlite:
    """A SQLite file in `folder`."""

    def __init__(self, folder, name):
        self.url = f"sqlite:{os.path.join(folder, name)}.db"

    def create(self):
        """There is nothing to do: `connects migrate` makes the file."""

    def drop(self):
        """There is nothing to do: the whole folder is removed."""


class Postgres:
    """A database of its own on the server at `server`, a URL without a database."""

    def __init__(self, server, name):
        self.server = server.rstrip("/")
        self.name = f"connects_main_job_{os.getpid()}_{name}"
        self.url = f"{self.server}/{self.name}"

    def create(self):
        """Creates it, in UTF-8 whatever the server's default."""
        self._sql(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8'")

    def drop(self):
        """Drops it, with all connections that are still open."""
        self._sql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _sql(self, statement):
        command = [client(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", f"{self.server}/postgres", "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        if done.returncode != 0:
            raise SystemExit(f"psql: {statement}: {done.stderr.strip()}")
