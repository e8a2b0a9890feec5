"""The table that the suite prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line: the figure of Connects, that of its floor, and floor / Connects (1 is as fast, less is slower)."""

    what: str
    database: str
    connects: str
    floor: str = ""
    ratio: float | None = None
    note: str = ""

    def cells(self):
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.what, self.database, self.connects, self.floor, ratio, self.note]


HEAD = ["what", "database", "Connects", "floor", "ratio", "notes"]


def shown(rows):
    """The rows as a Markdown table."""
    lines = [HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD) - 1)] + [0]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines)
