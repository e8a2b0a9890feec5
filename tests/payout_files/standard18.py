"""Reads a BACS Standard 18 file with one processing day, as BACS does.

The layout is that of the published guides for service users (Electronic Funds Transfer: file structures, and what banks
print of it): labels of 80 characters, payment records of 100, one contra record that balances the credits. Positions count
from 1, as in those guides.
"""

import re
from datetime import date, timedelta

from dates import is_business
from sheets import Record, demand, each_once, same

LABELS = ("VOL1", "HDR1", "HDR2", "UHL1")
TRAILERS = ("EOF1", "EOF2", "UTL1")
ALLOWED = re.compile(r"[A-Z0-9.&/\- ]*")
CREDIT, CONTRA = "99", "17"
LABEL, RECORD = 80, 100
KEPT = timedelta(days=1)
"The file may be thrown away after a day at the earliest."


def read(sheet, content):
    """Reads the content of a file whose name says `sheet`."""
    same("the currency of a BACS file", sheet.currency, "GBP")
    try:
        lines = content.decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        demand(False, "it has characters that are not ASCII")
    same("what follows the last line", lines.pop(), "")
    demand(len(lines) > len(LABELS) + len(TRAILERS), "labels are missing, or there are no records")
    heads, records, tails = lines[:4], lines[4:-3], lines[-3:]
    for line, name in zip((*heads, *tails), (*LABELS, *TRAILERS)):
        same("a label", line[:4], name)
        same(f"the length of {name}", len(line), LABEL)
    demand(all(len(line) == RECORD for line in records), "a record has not 100 characters")
    demand(all(ALLOWED.fullmatch(line) for line in lines), "a line has characters that BACS does not accept")
    user = _read_labels(sheet, heads, tails)
    _read_records(sheet, records, user)
    _check_trailer(sheet, tails[2], sum(_is(line, CONTRA) for line in records))
    each_once(sheet)
    return sheet


def _at(line, first, last):
    """The characters from a position to another one, both counted."""
    return line[first - 1:last]


def _read_labels(sheet, heads, tails):
    """The labels before and after the records; returns the number of the service user."""
    volume, first, second, user_label = heads
    serial, user = _at(volume, 5, 10), _at(volume, 42, 47)
    demand(re.fullmatch(r"[A-Z0-9]{6}", serial), f"this is no serial number of a submission: {serial!r}")
    demand(re.fullmatch(r"\d{6}", user), f"this is no number of a service user: {user!r}")
    same("VOL1, accessibility, reserved and owner", _at(volume, 11, 51), f"{'':27}    {user}    ")
    same("VOL1, reserved and level", _at(volume, 52, 80), f"{'':28}1")
    _check_header(sheet, first, serial, user)
    same("HDR2, format, block and record", _at(second, 5, 15), "F0200000100")
    same("HDR2, reserved, offset and reserved", _at(second, 16, 80), f"{'':35}00{'':28}")
    same("EOF1, which repeats HDR1", tails[0][4:], first[4:])
    same("EOF2, which repeats HDR2", tails[1][4:], second[4:])
    _check_user_label(sheet, user_label)
    return user


def _check_header(sheet, line, serial, user):
    """HDR1: which file it is, when it was made, and how long it is kept."""
    same("HDR1, file identifier", _at(line, 5, 21), f"A{user}S  1{user}")
    same("HDR1, set, section and sequence", _at(line, 22, 35), f"{serial}00010001")
    same("HDR1, generation and version", _at(line, 36, 41), " " * 6)
    made, until = _day(_at(line, 42, 47)), _day(_at(line, 48, 53))
    same("HDR1, day on which it was made", made, sheet.day)
    demand(until >= made + KEPT, "HDR1: it expires before it was made")
    same("HDR1, accessibility, blocks, system and reserved", _at(line, 54, 80), f" 000000{'':20}")


def _check_user_label(sheet, line):
    """UHL1: for which day, to whom, and how it is to be worked off."""
    processed = _day(_at(line, 5, 10))
    demand(is_business(processed), f"UHL1: BACS does not work on the processing day, {processed}")
    demand(sheet.day <= processed <= sheet.day + timedelta(days=31), f"UHL1: the processing day is not near: {processed}")
    same("UHL1, receiver", _at(line, 11, 20), "999999    ")
    same("UHL1, currency and country", _at(line, 21, 28), "00000000")
    same("UHL1, work code", _at(line, 29, 37), "1 DAILY  ")
    same("UHL1, file number", _at(line, 38, 40), "001")
    same("UHL1, reserved", _at(line, 41, 80), " " * 40)


def _is(line, code):
    return _at(line, 16, 17) == code


def _read_records(sheet, lines, user):
    """Credits, and after them the contra record that balances them."""
    demand(user and _is(lines[-1], CONTRA), "the last record is no contra record")
    for line in lines:
        demand(re.fullmatch(r"\d{14}0", _at(line, 1, 15)), "a record has no account")
        demand(re.fullmatch(r"\d{14}    \d{11}", _at(line, 18, 46)), "a record has no payer's account, or no amount")
        same("the account of the payer", _at(line, 18, 31), _at(lines[-1], 1, 14))
    for line in lines[:-1]:
        demand(_is(line, CREDIT), f"a record is neither a credit nor the contra record: {_at(line, 16, 17)}")
        sheet.records.append(_read_credit(line))
    contra = lines[-1]
    same("what the contra record takes", int(_at(contra, 36, 46)), sheet.total)
    same("the contra record's reference", _at(contra, 65, 82).rstrip(), "CONTRA")
    same("the contra record's payer", _at(contra, 83, 100), _at(lines[0], 47, 64))
    sheet.payer = _at(contra, 83, 100).rstrip()


def _read_credit(line):
    minor, reference, holder = int(_at(line, 36, 46)), _at(line, 65, 82).rstrip(), _at(line, 83, 100).rstrip()
    demand(minor > 0, "an amount is nothing")
    demand(_at(line, 47, 64).strip(), "a record does not name the payer")
    demand(re.match(r"[A-Z0-9].{5}", reference), f"a reference is too short: {reference!r}")
    demand(not reference.startswith("DDIC") and len(set(reference)) > 1, f"this is no reference: {reference!r}")
    demand(any(one.isalnum() for one in holder), f"a record names nobody: {holder!r}")
    return Record(reference, minor, f"{_at(line, 1, 6)} {_at(line, 7, 14)}", holder)


def _check_trailer(sheet, line, contras):
    """UTL1: what is debited and credited, and by how many records."""
    same("UTL1, debits", int(_at(line, 5, 17)), sheet.total)
    same("UTL1, credits", int(_at(line, 18, 30)), sheet.total)
    same("UTL1, number of debits", int(_at(line, 31, 37)), contras)
    same("UTL1, number of credits", int(_at(line, 38, 44)), len(sheet.records))
    same("UTL1, reserved", _at(line, 45, 80), " " * 36)


def _day(text):
    """A day, written as a space, two digits of the year and the number of the day in it."""
    found = re.fullmatch(r" (\d\d)(\d{3})", text)
    demand(found, f"this is no day: {text!r}")
    day = date(2000 + int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
    demand(day.year == 2000 + int(found[1]) and int(found[2]) > 0, f"this is no day: {text!r}")
    return day
