"""One round: a fault, what people do meanwhile and afterwards, and what must be in the database."""

import json
import os
import subprocess
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from agreement import Disagreement, agree, shown
from clocks import stamp
from graphql import Client, Gone
from program import Program

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
POST = """mutation($t: String!, $dry: Boolean!, $key: String!) { createJobPost(input: { dryRun: $dry,
  idempotencyKey: $key, content: { title: $t, description: "To do.", category: DESIGN, payment: FIXED } }) {
  jobPost { title } replayed userErrors { code } } }"""
OPEN = """mutation($t: String!) { createJobPost(input: { publish: true, content: { title: $t, description: "To do.",
  category: DESIGN, payment: FIXED } }) { jobPost { id } userErrors { code } } }"""
FREE = """mutation($post: ID!) { setJobPostFree(input: { jobPostId: $post, free: true }) {
  jobPost { id } userErrors { code } } }"""
PROPOSE = """mutation($t: String!, $post: ID!, $key: String!) { submitProposal(input: { jobPostId: $post,
  expectedConnects: 0, coverLetter: $t, idempotencyKey: $key }) { proposal { coverLetter } replayed
  userErrors { code } } }"""
ADVANCE = """mutation($to: DateTime!) { advanceClock(input: { to: $to }) { to userErrors { code } } }"""
UNKNOWN = "did not say whether"
CROWD = 4
"People who propose, and posts that are posted, at the same time."


@dataclass(frozen=True)
class Deed:
    """A request with a key, which is its title."""

    token: str
    document: str
    mutation: str
    field: str
    variables: dict


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
        self.free = None
        "The id of this round's post that costs nothing, until somebody proposes to it."
        self.settled, self.open = set(), {}
        "Titles that were answered as done, and deeds that were not answered, by title."

    def begin(self):
        """Migrates, registers people and starts the server."""
        self.program.run("migrate")
        people = [("--client", "clara"), ("--admin", "root")]
        people += [("--freelancer", f"ada{number}") for number in range(CROWD)]
        for role, name in people:
            self.program.run("register", role, f"{name}@faults.example")
        emails = [word for _, name in people for word in ("--email", f"{name}@faults.example")]
        self.clara, self.root, *self.freelancers = self.program.run("token", *emails).stdout.split()
        self.program.start_server()

    def round(self):
        """Plays one round: the fault, and what is done during and after it."""
        self.number += 1
        self.settled, self.open = set(), {}
        some = [self.post, self.post, self.crowd, self.crowd, self.rehearse, self.probe, self.advance]
        deeds = [self.dice.choice(some) for _ in range(5)]
        self.free = self.open_free(f"r{self.number}-free")
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

    def open_free(self, title):
        """Opens a post that costs nothing, with nothing wrong yet; returns its id."""
        answer = self._ask(self.program.client, self.clara, OPEN, t=title)
        post = answer["data"]["createJobPost"]["jobPost"]["id"]
        free = self._ask(self.program.client, self.root, FREE, post=post)
        agree("refusals to make a post free", free["data"]["setJobPostFree"]["userErrors"], [])
        self.settled.add(title)
        return post

    def post(self, title, must):
        """Posts a job."""
        self._note(title, self._posting(title), self._do(self.program.client, self._posting(title)), must)

    def crowd(self, title, _must):
        """Posts and proposes, all at the same time, so that they share transactions."""
        deeds = {f"{title}-{number}": self._posting(f"{title}-{number}") for number in range(CROWD)}
        if self.free:
            for number, token in enumerate(self.freelancers):
                name = f"{title}-proposal{number}"
                variables = {"t": name, "post": self.free, "key": name}
                deeds[name] = Deed(token, PROPOSE, "submitProposal", "proposal", variables)
            # A freelancer proposes to a post once.
            self.free = None
        answers = {}

        def do(name, deed):
            client = Client(self.program.client.port)
            answers[name] = self._do(client, deed)
            client.close()

        threads = [threading.Thread(target=do, args=pair) for pair in deeds.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for name, deed in deeds.items():
            self._note(name, deed, answers.get(name), False)
        self.tally["crowds"] += 1

    def _posting(self, title):
        variables = {"t": title, "dry": False, "key": title}
        return Deed(self.clara, POST, "createJobPost", "jobPost", variables)

    def _do(self, client, deed):
        return self._ask(client, deed.token, deed.document, **deed.variables)

    def _note(self, title, deed, answer, must):
        what = "proposals" if deed.mutation == "submitProposal" else "posts"
        if self._done(answer, deed.mutation, deed.field):
            self.settled.add(title)
            self.tally[f"{what} done"] += 1
        elif must or (answer is not None and "errors" not in answer):
            raise Disagreement(f"{title} should be done or not be answered: {shown(answer)}")
        elif answer is None or UNKNOWN in answer["errors"][0]["message"]:
            self.open[title] = deed
            self.tally[f"{what} of which nobody said"] += 1
        else:
            self.tally[f"{what} refused"] += 1

    def rehearse(self, title, must):
        """Posts a job in a dry run."""
        answer = self._ask(self.program.client, self.clara, POST, t=title, dry=True, key=title)
        if must and not self._done(answer, "createJobPost", "jobPost"):
            raise Disagreement(f"a dry run with nothing wrong any more: {shown(answer)}")
        self.tally["dry runs"] += 1

    def refused(self, _title, _must):
        """Meets a rule that refuses, so that the transaction is rolled back."""
        answer = self._ask(self.program.client, self.clara, POST, t="", dry=False, key=f"r{self.number}-refused")
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
        answer = self._ask(self.program.client, self.root, ADVANCE, to=stamp(START + timedelta(days=self.day + 3)))
        if self._done(answer, "advanceClock", "to"):
            self.day += 3
            self.tally["advances done"] += 1
        else:
            self.tally["advances not done"] += 1

    def settle(self):
        """Sends the same request with the same key: it is done once."""
        for title, deed in sorted(self.open.items()):
            answer = self._do(self.program.client, deed)
            if not self._done(answer, deed.mutation, deed.field):
                raise Disagreement(f"{title} is not settled by its key: {shown(answer)}")
            replayed = answer["data"][deed.mutation]["replayed"]
            self.tally["settled, done before" if replayed else "settled, done now"] += 1
        self.settled |= set(self.open)

    def compare(self):
        """Checks that what was answered is there once, and nothing else."""
        like = f"LIKE 'r{self.number}-%'"
        rows = self.fault.rows(f"SELECT title FROM job_posts WHERE title {like} "
                               f"UNION ALL SELECT cover_letter FROM proposals WHERE cover_letter {like}")
        agree(f"posts and proposals of round {self.number}", sorted(name for (name,) in rows), sorted(self.settled))

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
        agree("grants of the freelancers, one for each cycle", int(grants), months * CROWD)
        return self.program.verify()

    @staticmethod
    def _ask(client, token, document, **variables):
        """Returns the answer, or `None` when there was none; only a database that is away may be an error."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        try:
            answer = client._post(token, body)  # pylint: disable=protected-access
        except Gone:
            return None
        for error in answer.get("errors", ()):
            agree(f"code of {shown(error)}", error["extensions"]["code"], "SERVICE_UNAVAILABLE")
        return answer

    @staticmethod
    def _done(answer, mutation, field):
        return bool(answer and answer.get("data") and answer["data"][mutation] and answer["data"][mutation][field])
