"""Banks answer the files that they got: in parts, late, twice, and sometimes otherwise than before."""

import json
import os
import subprocess
from collections import Counter

import replies
from agreement import agree

CODES = {"AC01": "INVALID_DETAILS", "AC03": "INVALID_DETAILS", "RC01": "INVALID_DETAILS", "BE01": "INVALID_DETAILS",
         "AC04": "ACCOUNT_CLOSED", "AC07": "ACCOUNT_CLOSED", "AC06": "REFUSED", "AM09": "REFUSED", "MS03": "REFUSED",
         "AG01": "REFUSED", "*OWN": "REFUSED", None: "REFUSED"}
"What a bank's reason comes to, by its meaning in the external code set of ISO 20022."
RETURNS = {"2": "INVALID_DETAILS", "3": "INVALID_DETAILS", "5": "INVALID_DETAILS", "B": "ACCOUNT_CLOSED", "C": "REFUSED"}
"The same of BACS; `0` is a story of its own (see `refusals.py`)."
OPEN = ("ACCP", "ACSP", "ACTC", "PDNG", "ACWC")
"Of these nothing is known yet."
RESULTS = {"Completed": "PAID", "Success": "PAID", "Failed": "REFUSED", "Denied": "REFUSED", "Blocked": "REFUSED",
           "Returned": "REFUSED", "Unclaimed": None, "Pending": None, "On Hold": None}
REFUSED_FILES = {2: "group", 5: "block"}
OTHER_NAMES = ({}, {"Unique ID": "Customized ID"}, {"Unique ID": "Sender item ID", "Status": "Transaction status"},
               {"Unique ID": "unique id", "Status": "STATUS"})


class Answering:
    """Answers files, and has the answers taken in."""

    def __init__(self, year, program, dice, folder):
        self.year, self.program, self.dice, self.folder = year, program, dice, folder
        self.count, self.files, self.tally = 0, 0, Counter()
        self.once_paid, self.contradicted = set(), []
        "Payouts that a bank has paid, and those that it calls paid in this answer although they had failed."
        self.kills_due = 0
        "So often `connects payouts import` is killed on its way."

    def answer(self, batch):
        """The bank that has this file says something about it."""
        {"BANK_TRANSFER": self._report, "BACS": self._return, "PAYPAL": self._results}[batch.rail](batch)
        batch.answers += 1

    def written(self, text):
        """The path of a new file with this answer."""
        self.count += 1
        path = os.path.join(self.folder, f"answer-{self.count}")
        with open(path, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        return path

    def _take_in(self, form, text, lines, settled):
        """Has an answer taken in; now and then twice, or by two at once, or by one that is killed on the way before."""
        path = self.written(text)
        killed = self._kill(form, path)
        rival = self.program.begin("payouts", "import", form, path) if self.dice.random() < 0.1 else None
        said = {"unknown": 0, "paidAfterFailure": self.contradicted}
        code, self.contradicted = 3 if self.contradicted else 0, []
        got = self._import(form, path, code)
        if rival:
            agree("exit code of a command that takes in the same answer at that time", rival.wait(), code)
            self.tally["answers taken in by two at once"] += 1
        if (killed or rival) and not got["settled"]:
            # All of it was done by the other one, or nothing.
            got["settled"] = settled
        # A block that is refused is one line or two: its status, and its reason.
        lines = got["lines"] if lines is None and got["lines"] in (1, 2) else lines
        agree(f"the outcome of an answer, {form}", got, {"lines": lines, "settled": settled, **said})
        self.tally[f"answers {form}"] += 1
        self.tally["said to be paid after a failure"] += len(said["paidAfterFailure"])
        if self.dice.random() < 0.3:
            again = self._import(form, path, code)
            agree(f"the same answer again, {form}", again, {"lines": lines, "settled": 0, **said})
            self.tally["answers taken in twice"] += 1

    def _import(self, form, path, code):
        """What the command says that takes an answer in; it exits with 3 if something may have been paid twice."""
        done = self.program.run("payouts", "import", form, path, "--json", codes=(0, 3))
        agree("exit code of a command that takes an answer in", done.returncode, code)
        return json.loads(done.stdout)

    def _kill(self, form, path):
        """Kills a process that takes an answer in, when that is due; whether it did."""
        if not self.kills_due:
            return False
        self.kills_due -= 1
        doomed = self.program.begin("payouts", "import", form, path)
        try:
            doomed.wait(self.dice.random() * 0.3)
        except subprocess.TimeoutExpired:
            doomed.kill()
            doomed.wait()
        self.tally["kills of imports"] += 1
        return True

    def _report(self, batch):
        """A status report: all of the file is refused, or something is said of some payments."""
        version = self.dice.choice(replies.VERSIONS)
        whole = None if batch.answers else self._is_refused()
        if whole:
            self._refuse_all(batch, version, whole)
            return
        said, news, lines = [], 0, 0
        for payout in self._some(batch):
            status, code = self._status(payout)
            said.append(replies.transaction(batch.record(payout), status, code, batch.currency))
            lines += status not in OPEN
            news += self._apply(payout, None if status in OPEN else "PAID" if status == "ACSC" else CODES[code])
            self.tally[f"transfers {status} {code or ''}".strip()] += 1
        group = self.dice.choice((None, ("PART", None), ("ACCP", None)))
        self._take_in("pain002", replies.checked(replies.report(batch.sheet.batch, said, version, group)), lines, news)

    def _is_refused(self):
        """Whether a file of transfers is refused as a whole, in either of the two ways; some surely are."""
        self.files += 1
        by_chance = self.dice.choice(("group", "block")) if self.dice.random() < 0.1 else None
        return REFUSED_FILES.get(self.files, by_chance)

    def _status(self, payout):
        """Status and reason: what was paid is sometimes given back, and what was refused is said to be paid, which alarms."""
        if payout.state == "PAID":
            return self.dice.choice((*[("ACSC", None)] * 8, ("RJCT", "AC04"), ("RJCT", "MS03")))
        status = self.dice.choice(("ACSC", "ACSC", "ACSC", "RJCT", "RJCT", "OPEN"))
        if status == "OPEN":
            return self.dice.choice(OPEN), None
        return status, self.dice.choice(list(CODES)) if status == "RJCT" else None

    def _refuse_all(self, batch, version, whole):
        """A file is refused as a whole: nothing is wrong with those to whom it pays, and the money is back."""
        text = replies.report(batch.sheet.batch, [], version, **{whole: ("RJCT", self.dice.choice(("AM04", "DU01", "*DUPL")))})
        news = sum(self._apply(one, "FILE_REFUSED") for one in batch.payouts)
        self._take_in("pain002", replies.checked(text), 1 if whole == "group" else None, news)
        self.tally[f"files refused as a {whole}"] += 1

    def _return(self, batch):
        """BACS says nothing of what it carried out, and of what came back it sends a report."""
        if not batch.is_confirmed and (batch.answers or self.dice.random() < 0.7):
            self._confirm(batch)
            return
        said, news = [], 0
        for payout in self._some(batch, 0.25):
            code = self.dice.choice(list(RETURNS))
            said.append(replies.returned(batch.record(payout), code))
            news += self._apply(payout, RETURNS[code])
            self.tally[f"returns {code}"] += 1
        self._take_in("arucs", replies.arucs(said), len(said), news)

    def _confirm(self, batch):
        """The payer sees on the account that the file was carried out; saying so twice changes nothing."""
        news = sum(self._apply(one, "PAID") for one in batch.payouts)
        self.contradicted = []
        for news in (news, 0):
            got = json.loads(self.program.run("payouts", "confirm", batch.sheet.batch, "--json").stdout)
            agree("payouts that are paid by a batch that is confirmed", got, {"settled": news})
        batch.is_confirmed = True
        self.tally["batches confirmed"] += 1

    def _results(self, batch):
        """PayPal says the outcome of some payments, in columns of which some have another name."""
        rows, news, lines = [], 0, 0
        for payout in self._some(batch):
            status = self.dice.choice((*RESULTS, *["Completed"] * 6))
            rows.append(replies.result(batch.record(payout), status, batch.currency))
            lines += RESULTS[status] is not None
            news += self._apply(payout, RESULTS[status])
            self.tally[f"results {status}"] += 1
        columns = self.dice.sample(replies.COLUMNS, len(replies.COLUMNS))
        text = replies.results(rows, columns, self.dice.choice(OTHER_NAMES), self.dice.choice(("", "\ufeff")))
        self._take_in("paypal", text, lines, news)

    def _some(self, batch, part=0.8):
        """Some of the payouts of a file, in any order."""
        chosen = [one for one in batch.payouts if self.dice.random() < part] or batch.payouts[:1]
        return self.dice.sample(chosen, len(chosen))

    def _apply(self, payout, what):
        """The model takes in what a bank says; whether that is news."""
        if what is None:
            return False
        if what != "PAID":
            return self.year.bank_fails(payout, what)
        if payout.state == "FAILED" and payout.reference not in self.once_paid:
            self.contradicted.append(payout.reference)
        is_news = self.year.bank_pays(payout)
        if is_news:
            self.once_paid.add(payout.reference)
        return is_news
