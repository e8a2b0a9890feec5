"""Answers that no bank sends, or that are not about our files: each must be refused with a sentence, and change nothing.

The corners are listed one by one. What names no payment of ours is counted, and changes nothing: the account may pay others.
"""

import os
import uuid

import replies
from agreement import agree
from bench import EACH, REFUSED
from sheets import Record

IGNORED = "taken, and nothing has changed"
BOMB = "<!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\">" + "".join(
    f"<!ENTITY {name} \"{f'&{other};' * 10}\">" for other, name in zip("abcdefgh", "bcdefghi")) + "]>"
OUTSIDE = "<!DOCTYPE Document [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
FORMS = (("pain002", "BANK_TRANSFER"), ("arucs", "BACS"), ("paypal", "PAYPAL"))
NO_BATCH = str(uuid.UUID(int=7))


def _settled(batch):
    return [replies.transaction(one, "ACSC", None, batch.currency) for one in batch.records()]


def _report(bench, **given):
    batch = bench.batch("BANK_TRANSFER")
    return replies.report(batch.sheet.batch, _settled(batch), **given)


def cut_in_the_middle(bench):
    """A status report that breaks off within a payment, after one that was settled."""
    text = _report(bench)
    return REFUSED, bench.tries("pain002", text[:text.rindex("<TxSts>") + 9])


def cut_at_the_end(bench):
    """A status report without its last closing tag."""
    text = _report(bench)
    return REFUSED, bench.tries("pain002", text[:text.rindex("</Document>")])


def cut_between_payments(bench):
    """A status report that breaks off after its first payment."""
    text = _report(bench)
    return REFUSED, bench.tries("pain002", text[:text.index("</TxInfAndSts>") + len("</TxInfAndSts>")])


def two_roots(bench):
    """A status report after which another one begins: that is no XML."""
    text = _report(bench)
    return REFUSED, bench.tries("pain002", text + text[text.index("<Document"):])


def nothing_at_all(bench):
    """An empty file, in each form."""
    return [REFUSED] * 3, [bench.tries(form, "") for form in ("pain002", "arucs", "paypal")]


def not_text(bench):
    """Bytes that are no text."""
    return [REFUSED] * 3, [bench.tries(form, b"\xff\xfe\x00<Document/>") for form in ("pain002", "arucs", "paypal")]


def our_own_file(bench):
    """The file that was sent, and not the answer to it."""
    got = []
    for form, rail in FORMS:
        with open(os.path.join(bench.story.clerk.bank, bench.batch(rail).sheet.name), "rb") as sent:
            got.append(bench.tries(form, sent.read()))
    return [REFUSED] * 3, got


def another_form(bench):
    """A status report that is taken for another form, and the others that are taken for a status report."""
    bacs, paypal = bench.batch("BACS"), bench.batch("PAYPAL")
    returns = replies.arucs([replies.returned(one, "B") for one in bacs.records()])
    results = replies.results([replies.result(one, "Completed", "USD") for one in paypal.records()])
    return [REFUSED] * 4, [bench.tries("arucs", _report(bench)), bench.tries("paypal", _report(bench)),
                           bench.tries("pain002", returns), bench.tries("pain002", results)]


def return_without_a_reason(bench):
    """A returned credit that does not say why."""
    batch = bench.batch("BACS")
    text = replies.arucs([replies.returned(one, "B") for one in batch.records()])
    return REFUSED, bench.tries("arucs", text.replace(" returnCode=\"B\"", ""))


def no_file_at_all(bench):
    """A path where nothing is."""
    return REFUSED, bench.runs("payouts", "import", "pain002", os.path.join(bench.story.program.folder, "nothing.xml"))


def no_such_batch(bench):
    """A batch is confirmed that there is not."""
    return [REFUSED] * 2, [bench.runs("payouts", "confirm", one) for one in (NO_BATCH, "batch")]


def results_without_status(bench):
    """Results of a mass payment that break off within a line, before its status."""
    batch = bench.batch("PAYPAL")
    text = replies.results([replies.result(one, "Completed", "USD") for one in batch.records()])
    return REFUSED, bench.tries("paypal", text[:text.rindex("Completed") - 1])


def results_cut_in_a_line(bench):
    """Results of a mass payment that break off within a unique id, which is the last column.

    Nobody can tell that the last line is not whole. It names no payout of ours, which is counted; the others are taken."""
    batch = bench.batch("PAYPAL")
    columns = ("Email", "Amount", "Status", "Unique ID")
    text = replies.results([replies.result(one, "Completed", "USD") for one in batch.records()], columns)
    return f"taken, {EACH - 1} PAID", bench.tries("paypal", text[:-12])


def unknown_reference(bench):
    """An answer about payments of somebody else, in each form: the account may pay others, too. They are counted."""
    got = []
    for form, rail in FORMS:
        batch = bench.batch(rail)
        one = batch.records()[0]
        other = Record("F" * len(one.reference), one.minor, one.account, one.holder)
        got.append(bench.tries(form, _about(form, other, batch)))
    return [IGNORED] * 3, got


def _about(form, record, batch):
    """An answer of this form about one payment of a file."""
    if form == "pain002":
        return replies.report(batch.sheet.batch, [replies.transaction(record, "ACSC", None, batch.currency)])
    if form == "arucs":
        return replies.arucs([replies.returned(record, "B")])
    return replies.results([replies.result(record, "Completed", batch.currency)])


def _return(bench, code="B", **other):
    """A report of one returned credit."""
    return replies.arucs([replies.returned(bench.batch("BACS").records()[0], code, **other)])


def other_amount_of_a_transfer(bench):
    """A bank has settled a penny more than was to be paid."""
    batch = bench.batch("BANK_TRANSFER")
    record = batch.records()[0]
    said = [replies.transaction(record, "ACSC", None, batch.currency, record.minor + 1)]
    return REFUSED, bench.tries("pain002", replies.report(batch.sheet.batch, said))


def other_amount_of_a_return(bench):
    """Less comes back than was paid."""
    return REFUSED, bench.tries("arucs", _return(bench, minor=bench.batch("BACS").records()[0].minor - 1))


def other_amount_of_a_result(bench):
    """PayPal has paid a hundred times as much, or in another currency."""
    records = bench.batch("PAYPAL").records()
    rows = [replies.result(records[0], "Completed", "USD", records[0].minor * 100),
            replies.result(records[1], "Completed", "EUR")]
    return [REFUSED] * 2, [bench.tries("paypal", replies.results([row])) for row in rows]


def another_message(bench):
    """A status report on another file, which names our payments."""
    batch, other = bench.batch("BANK_TRANSFER"), bench.batch("BANK_TRANSFER", 1)
    return REFUSED, bench.tries("pain002", replies.report(other.sheet.batch, _settled(batch)))


def report_refuses_a_bacs_file(bench):
    """A status report refuses a message that was never one: its id is that of a BACS file."""
    batch = bench.batch("BACS")
    return REFUSED, bench.tries("pain002", replies.report(batch.sheet.batch, [], group=("RJCT", "DU01")))


def return_of_a_whole_file(bench):
    """A returned credit whose reference is the id of a file names no payout of ours. That is counted, and changes nothing."""
    return IGNORED, bench.tries("arucs", _return(bench, reference=bench.batch("BACS").sheet.batch))


def result_of_a_whole_file(bench):
    """A line of PayPal's results whose unique id is that of a file of bank transfers names no payout of ours."""
    record, batch = bench.batch("PAYPAL").records()[0], bench.batch("BANK_TRANSFER")
    row = replies.result(record, "Denied", "USD", reference=batch.sheet.batch)
    return IGNORED, bench.tries("paypal", replies.results([row]))


def confirmed_by_the_wrong_rail(bench):
    """A file of bank transfers is confirmed as only BACS files are: its bank answers by itself."""
    return REFUSED, bench.runs("payouts", "confirm", bench.batch("BANK_TRANSFER").sheet.batch)


def bomb_in_a_report(bench):
    """A status report declares entities that come to a thousand million letters."""
    text = _report(bench)
    text = text.replace("<Document", BOMB + "<Document", 1).replace("<MsgId>STATUS-1", "<MsgId>&i;", 1)
    return REFUSED, bench.tries("pain002", text)


def file_in_a_report(bench):
    """A status report declares an entity that is a file of the server's machine."""
    text = _report(bench)
    return REFUSED, bench.tries("pain002", text.replace("<Document", OUTSIDE + "<Document", 1).replace("STATUS-1", "&x;", 1))


def bomb_in_returns(bench):
    """A report of returned credits declares entities that come to a thousand million letters."""
    text = _return(bench)
    text = text.replace("<BACSDocument", BOMB + "<BACSDocument", 1).replace("userName=\"CONNECTS\"", "userName=\"&i;\"")
    return REFUSED, bench.tries("arucs", text)


def returns_cut_between_items(bench):
    """A report of returned credits that breaks off after its first item."""
    batch = bench.batch("BACS")
    text = replies.arucs([replies.returned(one, "B") for one in batch.records()])
    return REFUSED, bench.tries("arucs", text[:text.index("</ReturnedCreditItem>") + len("</ReturnedCreditItem>")])


def written_otherwise(bench):
    """A status report that spells a reference by a character reference, and a status as character data: that is XML, too."""
    batch = bench.batch("BANK_TRANSFER")
    text = replies.report(batch.sheet.batch, _settled(batch)[:1])
    reference = batch.records()[0].reference
    text = text.replace(f"<OrgnlEndToEndId>{reference}", f"<OrgnlEndToEndId>&#{ord(reference[0])};{reference[1:]}")
    return "taken, 1 PAID", bench.tries("pain002", text.replace("<TxSts>ACSC", "<TxSts><![CDATA[ACSC]]>"))


def invalid_details(bench):
    """BACS returns a credit with code 0, which is "invalid details"."""
    return "taken, 1 FAILED INVALID_DETAILS", bench.tries("arucs", _return(bench, "0"))


def account_of_the_payer(bench):
    """A file is refused as a whole, with "account closed": that is the payer's account, and says nothing of the payees'."""
    batches = bench.batch("BANK_TRANSFER"), bench.batch("BANK_TRANSFER", 1)
    answers = [replies.report(batch.sheet.batch, [], **{whole: ("RJCT", "AC04")})
               for batch, whole in zip(batches, ("block", "group"))]
    return [f"taken, {EACH} FAILED FILE_REFUSED"] * 2, [bench.tries("pain002", one) for one in answers]


CORNERS = (
    cut_in_the_middle, cut_at_the_end, cut_between_payments, two_roots, nothing_at_all, not_text, our_own_file, another_form,
    return_without_a_reason, no_file_at_all, no_such_batch, results_without_status, unknown_reference,
    other_amount_of_a_transfer, other_amount_of_a_return, other_amount_of_a_result, another_message,
    report_refuses_a_bacs_file, return_of_a_whole_file, result_of_a_whole_file, confirmed_by_the_wrong_rail, bomb_in_a_report,
    file_in_a_report, bomb_in_returns, returns_cut_between_items)
"Answers that change nothing."
TAKEN = (written_otherwise, invalid_details, account_of_the_payer, results_cut_in_a_line)
"Answers that are understood, however they are written."


def check(bench, corners):
    """What is right comes of each corner; how many they were."""
    for corner in corners:
        right, got = corner(bench)
        agree(f"{corner.__name__}: {corner.__doc__}", got, right)
    return len(corners)
