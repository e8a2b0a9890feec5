"""Full disks and broken connections, at the point that a round chooses."""

import os
import resource
import socket
import sqlite3
import subprocess
import threading

from databases import Postgres, Sqlite, client

TIMEOUT = 60


class Disk:
    """A SQLite file whose server can write no file beyond a size."""

    kind = "sqlite"
    breaks = 0
    "How often a disk was full is not counted."

    def __init__(self, folder, _server):
        self.database = Sqlite(folder, "faults")
        self.url = self.database.url
        self.file = self.url.removeprefix("sqlite:")

    def draw(self, dice):
        """Draws where it will break: some bytes beyond the present end of the log."""
        return dice.choice([0, 1, 4_096, dice.randrange(200_000)])

    def break_at(self, program, place):
        """Lets writes fail from there on."""
        size = max((os.path.getsize(self.file + end) for end in ("-wal",) if os.path.exists(self.file + end)), default=0)
        resource.prlimit(program.server.pid, resource.RLIMIT_FSIZE, (size + place, resource.RLIM_INFINITY))

    def mend(self, program):
        """No more."""
        resource.prlimit(program.server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def during(self, dice):
        """Limits for a command from its start."""
        limit = dice.randrange(400_000)
        return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))}

    def rows(self, sql):
        """Reads rows from the file."""
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=TIMEOUT) as db:
            return db.execute(sql).fetchall()

    def fresh(self, folder, name):
        """Returns another, new database."""
        return Sqlite(folder, name)

    def close(self):
        """There is nothing to close."""


class Wire:
    """A PostgreSQL server behind a connection that breaks at one of the client's messages."""

    kind = "postgres"

    def __init__(self, _folder, server):
        self.database = Postgres(server, "faults")
        self.server, self.left, self.deliver, self.lock = server, None, False, threading.Lock()
        self.breaks = 0
        login, _, address = server.removeprefix("postgres://").rpartition("@")
        host, _, port = address.partition(":")
        self.behind = (host, int(port or 5432))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.before = f"postgres://{login}@127.0.0.1:{self.listener.getsockname()[1]}"
        self.url = f"{self.before}/{self.database.name}"
        threading.Thread(target=self._accept, daemon=True).start()

    def draw(self, dice):
        """Draws where it will break: at which message from now, before or after the server has it."""
        return dice.randrange(150), dice.random() < 0.5

    def break_at(self, _program, place):
        """Lets it break there, once."""
        with self.lock:
            self.left, self.deliver = place

    def mend(self, _program):
        """No more."""
        with self.lock:
            self.left = None

    def during(self, dice):
        """Breaks connections while a command runs."""
        self.break_at(None, self.draw(dice))
        return {}

    def rows(self, sql):
        """Reads rows from the server."""
        command = [client(), "-X", "-q", "-A", "-t", "-F", "\t", "-d", f"{self.server}/{self.database.name}", "-c", sql]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def fresh(self, _folder, name):
        """Returns another, new database, behind the wire."""
        database = Postgres(self.server, name)
        database.url = f"{self.before}/{database.name}"
        return database

    def close(self):
        """Accepts no new connections."""
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client_end, _ = self.listener.accept()
            except OSError:
                return
            server_end = socket.create_connection(self.behind)
            for end in (client_end, server_end):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._say, args=(client_end, server_end), daemon=True).start()
            threading.Thread(target=self._hear, args=(server_end, client_end), daemon=True).start()

    def _say(self, client_end, server_end):
        try:
            while data := client_end.recv(65_536):
                breaks, deliver = self._count()
                if breaks and not deliver:
                    break
                if breaks:
                    # The client hears nothing more; the server does what it was asked.
                    client_end.shutdown(socket.SHUT_RDWR)
                server_end.sendall(data)
                if breaks:
                    break
        except OSError:
            pass
        _hang_up(client_end, server_end)

    def _hear(self, server_end, client_end):
        try:
            while data := server_end.recv(65_536):
                client_end.sendall(data)
        except OSError:
            pass
        _hang_up(client_end, server_end)

    def _count(self):
        with self.lock:
            if self.left is None:
                return False, False
            self.left -= 1
            breaks = self.left < 0
            if breaks:
                self.left, self.breaks = None, self.breaks + 1
            return breaks, self.deliver


def _hang_up(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
