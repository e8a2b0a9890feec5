"""A PostgreSQL server for one run: durable, on a free port of loopback, removed afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile

from databases import program

SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=512MB", "max_wal_size=4GB",
            "max_connections=100", "listen_addresses='127.0.0.1'")


class Server:
    """Runs as the user `postgres` if we are root, because PostgreSQL refuses to run as root."""

    def __init__(self, folder):
        self.user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        self.home = tempfile.mkdtemp(prefix="postgres-", dir=folder)
        if self.user:
            os.chmod(folder, 0o711)
            os.chown(self.home, self.user.pw_uid, self.user.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = os.path.join(self.home, "data")
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as settings:
            lines = (*SETTINGS, f"port={self.port}", f"unix_socket_directories='{self.home}'")
            settings.writelines(f"{line}\n" for line in lines)
        self._run("pg_ctl", "-D", self.data, "-l", os.path.join(self.home, "log"), "-w", "start")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}"

    def stop(self):
        """Stops it and removes its data."""
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, name, *arguments):
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run([program(name), *arguments], capture_output=True, text=True, cwd=self.home, check=False,
                              **who)
        if done.returncode != 0:
            raise SystemExit(f"{name}: {(done.stdout + done.stderr).strip()[-500:]}")
