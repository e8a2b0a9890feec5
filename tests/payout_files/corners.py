#!/usr/bin/env python3
"""Corners that the four weeks of files stay out of, each as a minimal scenario on a database of its own.

For each, what is right by the rules and by what banks accept, and what the server does, go to stderr. Exits with 1 when
one of them differs. It needs the Python of `payout_files.py`.

    venv/bin/python corners.py --binary target/release/connects --databases sqlite
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import contextlib
import os
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import replies
from agreement import agree
from bench import NOON
from clerk import READERS
from cornering import play_corners
from databases import client
from dates import DAY, business, start_of
from doing import METHOD, PASSWORD
from office import PAYER, FilesProgram
from payees import checked
from payout_files import START, Story
from sheets import NotAccepted, named

TRANSFER, BACS = ("BANK_TRANSFER", "EUR"), ("BACS", "GBP")
LONG = "Ann Maria Theresa Josephine Henrietta Wilhelmina Augusta Victoria Lee"
PAYERS = {"IBAN": ("GB33 BUKB 2020 1555 5555 55", "GB34BUKB20201555555555"), "BIC": ("bukbgb22", "BUKBGB22X"),
          "SORT_CODE": ("20-20-15", "2020155"), "ACCOUNT_NUMBER": ("5555 5555", "555555555"),
          "SERVICE_USER": ("1234567", "12-34-56")}
"How somebody might write the payer's details: with spaces, with hyphens, with a wrong digit, or with one too many."


class World(Story):
    """A server that pays by files, and pays nobody yet."""

    def __init__(self, program):
        super().__init__(program, SimpleNamespace(seed=1, scale=0))
        self.begin()

    def someone(self, way, holder="Ann Lee"):
        """A new freelancer with money, to whose account it may go by now."""
        person = self.payee(self.patron(), f"person{len(self.year.people)}", way, holder)
        self.wait(3)
        return person

    def wait(self, days=1):
        """So many business days pass."""
        for _ in range(days):
            self.advance(start_of(business(self.year.now.date() + DAY)) + NOON)

    def opinions(self):
        """What a bank says of each file in the folder, after which it is away."""
        said = {}
        for name in sorted(self.clerk.entries()):
            path = os.path.join(self.clerk.folder, name)
            with open(path, "rb") as found:
                content = found.read()
            os.remove(path)
            sheet = named(path)
            try:
                READERS[sheet.rail].read(sheet, content)
                said[sheet.rail] = "accepted"
            except NotAccepted as no:
                said[sheet.rail] = f"not accepted: {no}"
        return said


def noted_draft(program, file):
    """The name of the draft that the database says became a file; only a process that was killed leaves it."""
    url, asked = program.environment["DATABASE_URL"], f"SELECT draft FROM payout_batches WHERE file = '{file}'"
    if url.startswith("sqlite:"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:"))) as database:
            return database.execute(asked).fetchone()[0]
    return subprocess.run([client(), "-X", "-q", "-A", "-t", "-d", url, "-c", asked], capture_output=True, text=True,
                          check=True).stdout.strip()


def draft_left_behind(world):
    """W-2: the server is killed after a file is noted as written, before it has its name, and nothing else goes out.

    A process that is killed leaves a draft, which the next one completes: within days, and not when money goes out again."""
    world.do.withdraw(world.someone(TRANSFER), 1_000)
    world.wait()
    name, = world.clerk.entries()
    os.rename(os.path.join(world.clerk.folder, name), os.path.join(world.clerk.folder, noted_draft(world.program, name)))
    world.kill()
    world.wait(5)
    return [name], world.clerk.entries()


def slash_at_the_end(world):
    """W-2: a name has a slash where a transfer has no more room.

    Banks refuse a text that begins or ends with a slash, which is why others are taken off."""
    world.do.withdraw(world.someone(TRANSFER, f"{LONG}/Daughters"), 1_000)
    world.wait()
    return {"BANK_TRANSFER": "accepted"}, world.opinions()


def iban_of_no_country(world):
    """W-4: an IBAN has right check digits, but a length that its country does not have, or a country that there is not.

    Payout details are checked where they are set, because no bank accepts a file with such an account."""
    person, codes = world.someone(TRANSFER), []
    for iban in (checked("DE", "1" * 17), checked("GB", "ABCD" + "1" * 15), checked("ZZ", "1" * 18)):
        given = {"bankTransfer": {"holder": "Ann Lee", "iban": iban}, "currencyCode": "EUR", "password": PASSWORD}
        done = world.line.ask(person, METHOD, input=given)["done"]
        codes.append([one["code"] for one in done["userErrors"]])
    return [["INVALID_INPUT"]] * 3, codes


def payer_in_other_words(world):
    """W-2: the payer's details in the settings are written as people write them, or with a digit too many.

    Then the server says so at its start, or writes files that banks accept all the same."""
    people = [world.someone(way) for way in (TRANSFER, BACS)]
    wrong = []
    for name, values in PAYERS.items():
        for value in values:
            world.program.stop_server()
            key = f"CONNECTS_PAYOUTS__PAYER__{name}"
            world.program.environment[key] = value
            starts = not world.program.run("payouts", "plan", codes=(0, 1)).returncode
            if not starts:
                world.program.environment[key] = PAYER[name]
            world.program.start_server()
            for person in people:
                world.do.withdraw(person, 1_000)
            world.wait()
            said = world.opinions()
            agree("files of both rails", sorted(said), ["BACS", "BANK_TRANSFER"])
            wrong += [f"{name}={value}: {rail}: {one}"[:150] for rail, one in said.items() if one != "accepted"]
            world.program.environment[key] = PAYER[name]
    return [], wrong


def file_refused_for_its_payer(world):
    """F-7, W-1: a bank refuses a file as a whole because the payer has too little money; what was in it is withdrawn again.

    Nothing is wrong with where the people are paid, so nobody has to say it once more."""
    person = world.someone(TRANSFER)
    world.do.withdraw(person, 1_000)
    world.wait()
    batch = named(world.clerk.entries()[0]).batch
    answer = replies.checked(replies.report(batch, [], group=("RJCT", "AM04")))
    world.program.run("payouts", "import", "pain002", world.banks.written(answer))
    world.year.bank_fails(person.payouts[0], "FILE_REFUSED")
    world.do.withdraw(person, 1_000)
    world.wait()
    seen = world.line.ask(person, "{ viewer { payouts { nodes { state hold } } } }")["viewer"]["payouts"]["nodes"][0]
    return ("PROCESSING", None), (seen["state"], seen["hold"])


CORNERS = (draft_left_behind, slash_at_the_end, iban_of_no_country, payer_in_other_words, file_refused_for_its_payer)
def main():
    """Runs the script; returns the exit code."""
    return play_corners(__doc__, CORNERS, lambda binary, url, place: FilesProgram(binary, url, START, place), World)


if __name__ == "__main__":
    sys.exit(main())
