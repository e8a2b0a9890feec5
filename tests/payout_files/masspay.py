"""Reads a PayPal mass payment file, comma-separated, as PayPal's guide for mass payments says: one currency in a file, and
in each line recipient, amount, currency, a unique id of at most thirty characters without a space, and a note."""

import csv
import io
import re

from sheets import Record, demand, each_once, minor_of, same

ADDRESS = re.compile(r"[^\s@,\"]+@[^\s@,\"]+\.[^\s@,\".]+")
MOST, COLUMNS, LONGEST_ID = 5_000, 5, 30


def read(sheet, content):
    """Reads the content of a file whose name says `sheet`."""
    try:
        text = content.decode("utf-8")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        demand(False, f"it is no comma-separated file: {error}")
    demand(text.endswith("\n"), "the last line does not end")
    demand(len(lines) <= MOST, f"it has more than {MOST} lines")
    for line in lines:
        same("the number of columns", len(line), COLUMNS)
        sheet.records.append(_read_line(sheet, *line))
    each_once(sheet)
    return sheet


def _read_line(sheet, address, amount, currency, reference, note):
    same("the currency of a line", currency, sheet.currency)
    demand(ADDRESS.fullmatch(address), f"this is no address: {address!r}")
    demand(re.fullmatch(rf"\S{{1,{LONGEST_ID}}}", reference), f"this is no unique id: {reference!r}")
    demand(note, "a line has no note")
    return Record(reference, minor_of(amount), address)
