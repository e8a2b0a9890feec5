"""Instants as the API and the command line write them, and how long a phase took."""

import sys
import time
from contextlib import contextmanager
from datetime import datetime, timezone


def instant(text):
    """A `DateTime` of the API, which is in UTC."""
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def stamp(at):
    """An instant as the command line takes it."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def say(text):
    """Prints a line of progress."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def phase(run, name):
    """Prints what a run did, and in how many seconds; the body may fill in `notes`."""
    begun, notes = time.monotonic(), []
    yield notes
    said = f": {', '.join(notes)}" if notes else ""
    say(f"[{run}] {time.monotonic() - begun:8.2f} s  {name}{said}")
