"""The clerk of the bank takes the files away, once each, and reads them; and all payouts are compared with the model."""

import os
import shutil
import stat
from collections import Counter

import masspay
import standard18
import transfers
from agreement import Disagreement, agree
from clocks import instant
from dates import money
from filing import RATES
from graphql import pages
from names import is_spelled
from sheets import NotAccepted, named

READERS = {"BANK_TRANSFER": transfers, "BACS": standard18, "PAYPAL": masspay}
DRAFT, UNFINISHED = ".draft", ".tmp"
WIDTHS = {"BANK_TRANSFER": 70, "BACS": 18}
ALL = """query($after: String) { admin { payouts(first: 100, after: $after) { nodes { id purpose state hold failure reference
  createdAt sentAt amount { amount } paid { amount currencyCode } rate rateSource account { email } method { rail } }
  pageInfo { hasNextPage endCursor } } } }"""
IN_FILES = ("PROCESSING", "PAID")


def read_file(path):
    """What a file says; a file that no bank would accept is a disagreement."""
    with open(path, "rb") as found:
        content = found.read()
    try:
        sheet = named(path)
        return READERS[sheet.rail].read(sheet, content)
    except NotAccepted as no:
        text = content.decode(errors="replace")[:1500]
        raise Disagreement(f"{os.path.basename(path)} is not accepted: {no}\n{text}") from None


class Clerk:
    """Takes files from the server's folder to the bank's."""

    def __init__(self, year, line, admin, folders, payer):
        self.year, self.line, self.admin, self.payer = year, line, admin, payer
        self.folder, self.bank = folders
        self.taken, self.tally = {}, Counter()

    def look(self):
        """Compares all payouts with the model, and learns what files call them."""
        client = self.line.program.client
        nodes = list(pages(client, self.admin.token, ALL, ("admin", "payouts")))
        agree("number of payouts", len(nodes), len(self.year.payouts))
        by_id = {one.id: one for one in self.year.payouts if one.id}
        by_run = {(one.person.email, one.made_at, money(one.cents)): one for one in self.year.payouts if not one.id}
        for node in nodes:
            key = (node["account"]["email"], instant(node["createdAt"]), node["amount"]["amount"])
            payout = by_id.get(node["id"]) or by_run.get(key)
            if not payout:
                raise Disagreement(f"a payout that nobody expects: {node}")
            payout.id = node["id"]
            self._compare(payout, node)

    @staticmethod
    def _compare(payout, node):
        is_out = bool(payout.method)
        currency = payout.method.currency if is_out else None
        expected = {
            "purpose": payout.purpose, "state": payout.state, "hold": payout.hold, "failure": payout.failure,
            "paid": {"amount": money(payout.minor), "currencyCode": currency} if is_out else None,
            "rate": f"{RATES[currency] // 1_000_000}.{RATES[currency] % 1_000_000:06}" if is_out else None,
            "rateSource": "policy version 1" if is_out else None, "method": {"rail": payout.method.rail} if is_out else None}
        agree(f"a payout to {payout.person.name}, made at {payout.made_at}", {name: node[name] for name in expected}, expected)
        if is_out:
            known = payout.reference or node["reference"]
            agree("a reference, which stays as it is", node["reference"], known)
            payout.reference = known
        else:
            agree("what is known of a payout that did not go out", (node["reference"], node["sentAt"]), (None, None))
        if is_out and payout.batch.sheet and not node["sentAt"]:
            raise Disagreement(f"a payout is in a file, and it is not said when it went out: {node}")

    def entries(self):
        """The names of all that is in the folder now."""
        return os.listdir(self.folder) if os.path.isdir(self.folder) else []

    def kinds(self):
        """What kinds of files are in the folder now."""
        names = self.entries()
        kinds = {"drafts": any(one.endswith(DRAFT) for one in names), "files": bool(self._names()),
                 "unfinished files": any(one.startswith(UNFINISHED) for one in names), "nothing": not names}
        return [kind for kind, is_there in kinds.items() if is_there]

    def check_whole(self):
        """A file that has its name in the folder is whole, also just after a kill."""
        for name in self._names():
            read_file(os.path.join(self.folder, name))

    def _names(self):
        found = sorted(self.entries())
        left = [name for name in found if name.startswith(UNFINISHED)]
        self.tally["unfinished files left by kills"] = len(left)
        return [name for name in found if name not in left and not name.endswith(DRAFT)]

    def collect(self):
        """Takes all files away. Afterwards the file of every batch was there exactly once, and no other."""
        for name in self._names():
            path = os.path.join(self.folder, name)
            agree("a file that was there before", self.taken.get(name), None)
            for one, mode in ((path, 0o600), (self.folder, 0o700)):
                agree("what others may do with files", stat.S_IMODE(os.stat(one).st_mode), mode)
            self.taken[name] = self._match(read_file(path))
            shutil.move(path, self.bank)
            self.tally[f"files {self.taken[name].rail} {self.taken[name].currency}"] += 1
        missing = [one for one in self.year.batches.values() if not one.sheet]
        agree("batches without a file", [(one.purpose, one.at, one.rail, one.currency) for one in missing], [])
        agree("drafts that are left", [name for name in self.entries() if name.endswith(DRAFT)], [])

    def _match(self, sheet):
        """The batch of the model whose file this is: the same payouts, each once, and each as predicted."""
        of = {one.reference: one for one in self.year.payouts if one.reference}
        unknown = [one.reference for one in sheet.records if one.reference not in of]
        agree(f"references of {sheet.name} that are nobody's", unknown, [])
        batch = of[sheet.records[0].reference].batch
        if batch.sheet:
            raise Disagreement(f"{sheet.name} pays once more what {batch.sheet.name} paid")
        batch.sheet = sheet
        agree(f"rail, currency and day of {sheet.name}", (sheet.rail, sheet.currency, sheet.day),
              (batch.rail, batch.currency, batch.at.date()))
        agree(f"payouts of {sheet.name}", sorted(one.reference for one in sheet.records),
              sorted(one.reference for one in batch.payouts))
        agree(f"total of {sheet.name}", sheet.total, batch.total)
        for payout in batch.payouts:
            self._compare_record(payout, batch.record(payout), sheet)
        if sheet.payer is not None and not is_spelled(self.payer, sheet.payer, WIDTHS[sheet.rail]):
            raise Disagreement(f"the payer, in {sheet.name}: {sheet.payer!r} for {self.payer!r}")
        return batch

    def _compare_record(self, payout, record, sheet):
        method = payout.method
        agree(f"a payment of {sheet.name}", (record.minor, record.account, record.bic),
              (payout.minor, method.account, method.bic))
        if record.holder is not None and not is_spelled(method.holder, record.holder, WIDTHS[sheet.rail]):
            raise Disagreement(f"whose account it is, in {sheet.name}: {record.holder!r} for {method.holder!r}")
        self.tally[f"payments in files, {payout.purpose}"] += 1

    def check_all(self):
        """All files that the bank ever got, read once more: a payout that is paid or on its way is in one of them, once."""
        count = Counter()
        for name, batch in self.taken.items():
            sheet = read_file(os.path.join(self.bank, name))
            agree("a batch of a file that is read again", sheet.batch, batch.sheet.batch)
            count.update(one.reference for one in sheet.records)
        sent = [one for one in self.year.payouts if one.method]
        agree("references of payouts, each once", len({one.reference for one in sent}), len(sent))
        agree("how often each payout is in files", count, Counter(one.reference for one in sent))
        out = [one for one in self.year.payouts if one.state in IN_FILES]
        agree("payouts on their way or paid that are in no file", [one.id for one in out if not count[one.reference]], [])
