"""How a run says that the binary and the model disagree."""

from datetime import datetime


class Disagreement(Exception):
    """The binary did something other than the model or the job expects."""


def agree(what, got, expected):
    """Raises a `Disagreement` that names `what`, unless `got` equals `expected`."""
    if got != expected:
        what, got, expected = _first_difference(what, got, expected)
        raise Disagreement(f"{what}:\n  got      {shown(got)}\n  expected {shown(expected)}")


def shown(value):
    """`value` as text, shortened in the middle when it is very long."""
    text = value if isinstance(value, str) else repr(_readable(value))
    return text if len(text) <= 2000 else f"{text[:1000]} ... {text[-900:]}"


def _first_difference(what, got, expected):
    """Narrows two lists down to the first item in which they differ, and two objects to the fields."""
    if isinstance(got, list) and isinstance(expected, list):
        for number, (one, other) in enumerate(zip(got, expected), 1):
            if one != other:
                return _first_difference(f"{what}, item {number}", one, other)
        return f"{what}, of which one side has {len(got)} and the other {len(expected)}", got, expected
    if isinstance(got, dict) and isinstance(expected, dict):
        differ = [key for key in got | expected if got.get(key) != expected.get(key)]
        return what, {key: got.get(key) for key in differ}, {key: expected.get(key) for key in differ}
    return what, got, expected


def _readable(value):
    """Instants as text, at any depth."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_readable(item) for item in value)
    return value
