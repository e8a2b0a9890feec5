"""How a run says that the binary and the model disagree."""


class Disagreement(Exception):
    """The binary did something else than the model or the brief of the job expects."""


def agree(what, got, expected):
    """Raises a `Disagreement` that names `what`, unless `got` equals `expected`."""
    if got != expected:
        raise Disagreement(f"{what}:\n  got      {shown(got)}\n  expected {shown(expected)}")


def shown(value):
    """`value` as text, shortened in the middle when it is very long."""
    text = str(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= 2000 else f"{text[:1000]} ... {text[-900:]}"
