"""Counts what happened by rule, and makes the table."""

from collections import Counter

HEAD = ("rule", "what", "count")


class Tally:
    """Counts by rule and what."""

    def __init__(self):
        self.counts = Counter()

    def add(self, rule, what, count=1):
        """Counts it, unless the number is zero."""
        if count:
            self.counts[rule, what] += count

    def rows(self):
        """(rule, what, count), in the order of the rulebook's numbers."""
        return [(rule, what, self.counts[rule, what]) for rule, what in sorted(self.counts, key=_place)]

    def table(self):
        """The rows as lines of text."""
        rows = [HEAD, *((rule, what, str(count)) for rule, what, count in self.rows())]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [f"{rule:<{widths[0]}} | {what:<{widths[1]}} | {count:>{widths[2]}}" for rule, what, count in rows]
        return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def _place(entry):
    """J-4 before J-10; anything without a number comes last."""
    rule, what = entry
    letter, _, number = rule.partition("-")
    return (not number.isdigit(), letter, int(number) if number.isdigit() else 0, what)
