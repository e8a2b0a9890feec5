"""One round: a fault, what people do meanwhile and afterwards, and what must be in the database."""

import json
import os
import subprocess
from collections import Counter
from datetime import datetime, timedelta, timezone

from agreement import Disagreement, agree, shown
from clocks import stamp
from graphql import Gone
from program import Program

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
POST = """mutation($t: String!, $dry: Boolean!, $key: String!) { createJobPost(input: { dryRun: $dry,
  idempotencyKey: $key, content: { title: $t, description: "To do.", category: DESIGN, payment: FIXED } }) {
  jobPost { title } replayed userErrors { code } } }"""
ADVANCE = """mutation($to: DateTime!) { advanceClock(input: { to: $to }) { to userErrors { code } } }"""
UNKNOWN = "did not say whether"


class Faulty(Program):
    """The program, which survives its limit on the size of files as it would survive a full disk."""

    def _start(self, arguments, out, err, **more):
        process = subprocess.Popen([self.binary, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   text=True, env=self.environment, cwd=self.folder, restore_signals=False, **more)
        self.children = [child for child in self.children if child.poll() is None] + [process]
        return process

    def run_under(self, fault, dice, *arguments):
        """Runs a command during the fault; returns its exit code."""
        process = self._start(arguments, subprocess.DEVNULL, subprocess.DEVNULL, **fault.during(dice))
        code = process.wait(60)
        if fault.kind == "postgres":
            fault.mend(None)
        return code


class Rounds:
    """Rounds on one database; keeps all answers."""

    def __init__(self, fault, binary, folder, dice):
        self.fault, self.folder, self.dice = fault, folder, dice
        self.binary = binary
        self.program = Faulty(binary, fault.url, START, folder)
        self.tally = Counter()
        self.number, self.day = 0, 0
        self.settled, self.open = set(), set()
        "Titles that were answered as done, and those that were not answered."

    def begin(self):
        """Migrates, registers three people and starts the server."""
        self.program.run("migrate")
        for role, name in (("--client", "clara"), ("--freelancer", "ada"), ("--admin", "root")):
            self.program.run("register", role, f"{name}@faults.example")
        tokens = self.program.run("token", "--email", "clara@faults.example", "--email", "root@faults.example")
        self.clara, self.root = tokens.stdout.split()
        self.program.start_server()

    def round(self):
        """Plays one round: the fault, and what is done during and after it."""
        self.number += 1
        self.settled, self.open = set(), set()
        deeds = [self.dice.choice([self.post, self.post, self.rehearse, self.probe, self.advance]) for _ in range(5)]
        self.fault.break_at(self.program, self.fault.draw(self.dice))
        for place, deed in enumerate(deeds):
            deed(f"r{self.number}-{place}", False)
        self.fault.mend(self.program)
        self.dice.choice([self.probe, self.rehearse, self.refused])(f"r{self.number}-between", True)
        for place in range(self.dice.randrange(1, 4)):
            self.post(f"r{self.number}-after{place}", True)
        if self.dice.random() < 0.3:
            self.program.server.kill()
            self.program.server.wait()
            self.program.client.close()
            self.program.start_server()
            self.tally["kills"] += 1
        self.settle()
        self.compare()

    def post(self, title, must):
        """Posts a job."""
        answer = self._ask(self.clara, POST, t=title, dry=False, key=title)
        if self._done(answer, "createJobPost", "jobPost"):
            self.settled.add(title)
            self.tally["posts done"] += 1
        elif must:
            raise Disagreement(f"{title} with nothing wrong any more: {shown(answer)}")
        elif answer is None or UNKNOWN in answer["errors"][0]["message"]:
            self.open.add(title)
            self.tally["posts of which nobody said"] += 1
        else:
            self.tally["posts refused"] += 1

    def rehearse(self, title, must):
        """Posts a job in a dry run."""
        answer = self._ask(self.clara, POST, t=title, dry=True, key=title)
        if must and not self._done(answer, "createJobPost", "jobPost"):
            raise Disagreement(f"a dry run with nothing wrong any more: {shown(answer)}")
        self.tally["dry runs"] += 1

    def refused(self, _title, _must):
        """Meets a rule that refuses, so that the transaction is rolled back."""
        answer = self._ask(self.clara, POST, t="", dry=False, key=f"r{self.number}-refused")
        agree("refusal of a post without a title",
              answer["data"]["createJobPost"]["userErrors"], [{"code": "INVALID_INPUT"}])

    def probe(self, _title, must):
        """Asks whether the server is ready."""
        ready = self.program.client.ready()
        if must and not ready:
            raise Disagreement("not ready with nothing wrong any more")
        self.tally["ready" if ready else "not ready"] += 1

    def advance(self, _title, _must):
        """Advances the clock by three days; tasks run in batches."""
        answer = self._ask(self.root, ADVANCE, to=stamp(START + timedelta(days=self.day + 3)))
        if self._done(answer, "advanceClock", "to"):
            self.day += 3
            self.tally["advances done"] += 1
        else:
            self.tally["advances not done"] += 1

    def settle(self):
        """Sends the same request with the same key: it is done once."""
        for title in sorted(self.open):
            answer = self._ask(self.clara, POST, t=title, dry=False, key=title)
            if not self._done(answer, "createJobPost", "jobPost"):
                raise Disagreement(f"{title} is not settled by its key: {shown(answer)}")
            replayed = answer["data"]["createJobPost"]["replayed"]
            self.tally["settled, done before" if replayed else "settled, done now"] += 1
        self.settled |= self.open

    def compare(self):
        """Checks that what was answered is there once, and nothing else."""
        rows = self.fault.rows(f"SELECT title FROM job_posts WHERE title LIKE 'r{self.number}-%'")
        agree(f"posts of round {self.number}", sorted(title for (title,) in rows), sorted(self.settled))

    def migrate(self):
        """Breaks a migration, and checks that the next one completes it."""
        fresh = self.fault.fresh(self.folder, f"fresh{self.number}")
        fresh.create()
        program = Faulty(self.binary, fresh.url, START, self.folder)
        try:
            code = program.run_under(self.fault, self.dice, "migrate")
            self.tally["migrations done" if code == 0 else "migrations broken"] += 1
            agree("exit code of a migration", code in (0, 1), True)
            program.run("migrate")
            program.verify()
        finally:
            program.close()
            fresh.drop()
            if self.fault.kind == "sqlite":
                for end in ("", "-wal", "-shm", ".key"):
                    if os.path.exists(fresh.url.removeprefix("sqlite:") + end):
                        os.remove(fresh.url.removeprefix("sqlite:") + end)

    def end(self):
        """Catches up, and proves ledger and grants; returns the digest."""
        self.program.stop_server()
        self.day += 3
        self.program.advance(START + timedelta(days=self.day))
        now = START + timedelta(days=self.day)
        months = (now.year - START.year) * 12 + now.month - START.month + 1
        ((grants,),) = self.fault.rows("SELECT count(*) FROM entries WHERE kind = 'MONTHLY_FREE'")
        agree("grants of a freelancer, one for each cycle", int(grants), months)
        return self.program.verify()

    def _ask(self, token, document, **variables):
        """Returns the answer, or `None` when there was none; only a database that is away may be an error."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        try:
            answer = self.program.client._post(token, body)  # pylint: disable=protected-access
        except Gone:
            return None
        for error in answer.get("errors", ()):
            agree(f"code of {shown(error)}", error["extensions"]["code"], "SERVICE_UNAVAILABLE")
        return answer

    @staticmethod
    def _done(answer, mutation, field):
        return bool(answer and answer.get("data") and answer["data"][mutation] and answer["data"][mutation][field])
