"""How a script reports that the server broke a promise, and how it reports its progress."""

import sys


class Breach(Exception):
    """The server did what it must never do."""


def must(holds, what):
    """Raises a `Breach` that says `what`, unless it `holds`; `what` may be a function, for expensive texts."""
    if not holds:
        raise Breach(what() if callable(what) else what)


def shown(value):
    """`value` as text, shortened in the middle when it is very long."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 2000 else f"{text[:1000]} ... {text[-900:]}"


def say(text):
    """Prints a line of progress."""
    print(text, file=sys.stderr, flush=True)
