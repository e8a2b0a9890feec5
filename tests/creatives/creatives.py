#!/usr/bin/env python3
"""Creatives, kept in a folder and in a bucket: does each page show what admins last published, byte by byte?

Two admins publish pictures of four formats and texts, revise and retire them, and send files that are no pictures; an
affiliate sees what is in use, and browsers fetch it. Requests are sent again with the same key, and the server is killed
while requests are under way: then each creative must be there once. The bucket belongs to moto, an independent program, which
checks the signature of each request; with a wrong secret nothing is published. What lies in the folder or in the bucket is
read by other code than the server's, and must be what was sent. A model predicts every answer.

Progress goes to stderr, a JSON object to stdout's last line. Exits with 0 when everything agreed, with 1 at the first
disagreement, with 2 on wrong usage. It needs a Python with moto and boto3:

    python3 -m venv venv && venv/bin/pip install 'moto[s3,server]==5.2.5' boto3
    venv/bin/python creatives.py --binary target/release/connects --scale 200 --postgres postgres://me@localhost:5432
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import base64
import hashlib
import http.client
import os
import random
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone

from agreement import agree
from clocks import say
from databases import Postgres, Sqlite
from graphql import Client, Gone, pages
from pictures import KINDS, no_picture, picture
from program import Program
from storage import each, must_be
from stories import arguments, play, same_on_each

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
ADMINS, AFFILIATE = ("oskar@people.example", "olga@people.example"), "ann@people.example"
KILLS_IN, TWICE_IN = 20, 5
"One request in so many is killed, and one in so many is sent twice."
CREATIVE, ERRORS = "affiliateCreative { id }", "userErrors { code field }"
PUBLISH = "mutation($i: PublishAffiliateCreativeInput!) { done: publishAffiliateCreative(input: $i) { %s %s } }" % (CREATIVE, ERRORS)
REVISE = "mutation($i: ReviseAffiliateCreativeInput!) { done: reviseAffiliateCreative(input: $i) { %s %s } }" % (CREATIVE, ERRORS)
RETIRE = "mutation($i: RetireAffiliateCreativeInput!) { done: retireAffiliateCreative(input: $i) { %s %s } }" % (CREATIVE, ERRORS)
NODES = "nodes { id kind name caption path format width height retiredAt } pageInfo { hasNextPage endCursor }"
SEEN = "query($after: String) { viewer { affiliateCreatives(first: 50, after: $after) { %s } } }" % NODES
ALL = "query($after: String) { admin { affiliateCreatives(first: 50, after: $after) { %s } } }" % NODES
APPLY = """mutation { done: applyAsAffiliate(input: { website: "https://ann.example", promotion: "A blog.", termsVersion: 1 }) {
  affiliate { id } %s } }""" % ERRORS
APPROVE = "mutation($a: ID!) { done: decideAffiliate(input: { affiliateId: $a, decision: APPROVE }) { %s } }" % ERRORS
NO_FILE = [{"code": "INVALID_INPUT", "field": ["input", "file"]}]
GONE = [{"code": "NOT_FOUND", "field": ["input", "affiliateCreativeId"]}]


@dataclass
class Creative:
    """What the model knows of one."""

    id: str
    kind: str
    name: str
    caption: str
    picture: tuple = None
    is_retired: bool = False

    def shown(self, path):
        """What a query must show of it."""
        what, width, height, _ = self.picture or (None, None, None, None)
        return {"id": self.id, "kind": self.kind, "name": self.name, "caption": self.caption, "path": path,
                "format": what, "width": width, "height": height}


class Story:
    """Creatives of one database and one storage."""

    def __init__(self, program, given, storage):
        self.program, self.dice, self.storage = program, random.Random(given.seed), storage
        self.creatives, self.tally, self.keys = [], Counter(), 0
        self.admins, self.affiliate = [], None

    def begin(self):
        """Two admins and an approved affiliate."""
        self.program.run("migrate")
        for email in ADMINS:
            self.program.run("register", "--admin", email)
        self.program.run("register", AFFILIATE)
        words = (word for email in (*ADMINS, AFFILIATE) for word in ("--email", email))
        *self.admins, self.affiliate = self.program.run("token", *words).stdout.split()
        self.program.start_server()
        agree("creatives of nobody", self.seen(), [])
        applied = self.program.client.ask(self.affiliate, APPLY)["done"]
        approved = self.program.client.ask(self.admins[0], APPROVE, a=applied["affiliate"]["id"])["done"]
        agree("refusals of an affiliate", applied["userErrors"] + approved["userErrors"], [])

    def live(self, scale):
        """So many changes."""
        for number in range(scale):
            self.dice.choice((self.publish, self.publish, self.revise, self.revise, self.retire, self.mistake))()
            if number % 25 == 24 or number + 1 == scale:
                self.compare()

    def send(self, document, **fields):
        """A change by one of the admins: perhaps sent twice, perhaps while the server is killed."""
        self.keys += 1
        admin, asked = self.dice.choice(self.admins), fields | {"idempotencyKey": f"key {self.keys}"}
        if self.dice.randrange(KILLS_IN) == 0:
            self.kill_during(admin, document, asked)
        done = self.program.client.ask(admin, document, i=asked)["done"]
        if self.dice.randrange(TWICE_IN) == 0:
            agree("the same request again", self.program.client.ask(admin, document, i=asked)["done"], done)
            self.tally["repeated"] += 1
        return done

    def kill_during(self, admin, document, asked):
        """Kills the server some time after the request was sent."""
        port, wait = self.program.client.port, self.dice.random() * 0.03

        def ask():
            try:
                Client(port).ask(admin, document, i=asked)
            except Gone:
                self.tally["cut off"] += 1
        sent = threading.Thread(target=ask)
        sent.start()
        sent.join(wait)
        self.program.server.kill()
        self.program.server.wait()
        sent.join()
        self.program.client.close()
        self.program.start_server()
        self.tally["kills"] += 1

    def texts(self):
        """A name and a caption."""
        number = self.dice.randrange(10**6)
        return f"Autumn {number}", self.dice.choice(("Hire the best", "Größe & \"Ruhm\"", "<b>now</b>")) + f" {number}"

    def publish(self):
        """Publishes a picture or a text."""
        kind, (name, caption) = self.dice.choice(("LOGO", "BANNER", "BUTTON", "TEXT_LINK")), self.texts()
        made = None if kind == "TEXT_LINK" else picture(self.dice)
        done = self.send(PUBLISH, kind=kind, name=name, caption=caption, **_file(made))
        agree(f"refusals of a {kind}", done["userErrors"], [])
        self.creatives.append(Creative(done["affiliateCreative"]["id"], kind, name, caption, made))
        self.tally["published"] += 1

    def revise(self):
        """Revises one."""
        if not self.creatives:
            return
        creative, (name, caption) = self.dice.choice(self.creatives), self.texts()
        made = picture(self.dice) if creative.picture and self.dice.random() < 0.7 else None
        fields = {"affiliateCreativeId": creative.id, "caption": caption} | _file(made)
        if self.dice.random() < 0.5:
            fields["name"] = name
        errors = self.send(REVISE, **fields)["userErrors"]
        agree("refusals of a revision", errors, GONE if creative.is_retired else [])
        if not errors:
            creative.caption, creative.name = caption, fields.get("name", creative.name)
            creative.picture = made or creative.picture
            self.tally["revised"] += 1

    def retire(self):
        """Retires one, perhaps once more."""
        if not self.creatives:
            return
        creative = self.dice.choice(self.creatives)
        agree("refusals of a retirement", self.send(RETIRE, affiliateCreativeId=creative.id)["userErrors"], [])
        creative.is_retired = True
        self.tally["retired"] += 1

    def mistake(self):
        """Sends what is no picture, or a text with one."""
        kind, (name, caption) = self.dice.choice(("LOGO", "TEXT_LINK")), self.texts()
        file = picture(self.dice)[3] if kind == "TEXT_LINK" else no_picture(self.dice)
        done = self.send(PUBLISH, kind=kind, name=name, caption=caption, file=base64.b64encode(file).decode())
        agree(f"a {kind} of {file[:20]}", done, {"affiliateCreative": None, "userErrors": NO_FILE})
        self.tally["refused"] += 1

    def seen(self):
        """What the affiliate sees."""
        return list(pages(self.program.client, self.affiliate, SEEN, ("viewer", "affiliateCreatives")))

    def compare(self):
        """Compares all that can be seen, fetched and found with the model."""
        everything = list(pages(self.program.client, self.admins[1], ALL, ("admin", "affiliateCreatives")))
        known = {one["id"]: one for one in everything}
        agree("how many creatives there are", (len(everything), len(known)), (len(self.creatives),) * 2)
        for creative in self.creatives:
            got = known[creative.id]
            agree("whether it is retired", got.pop("retiredAt") is not None, creative.is_retired)
            agree("a creative", got, creative.shown(got["path"]))
            self.fetch(creative, got["path"])
        in_use = {one.id for one in self.creatives if not one.is_retired}
        agree("what the affiliate sees", {one["id"] for one in self.seen()}, in_use)
        files = self.storage.files()
        for name, content in files.items():
            agree(f"the file {name}", hashlib.sha256(content).hexdigest(), name)
        must_be(files, [_digest(one.picture[3]) for one in self.creatives if one.picture])
        self.tally["comparisons"] += 1

    def fetch(self, creative, path):
        """Fetches a picture as a browser, twice."""
        if creative.picture is None:
            return agree("the path of a text", path, None)
        what, _, _, file = creative.picture
        status, headers, body = self.get(path, {})
        if creative.is_retired:
            return agree("the status of a retired picture", status, 404)
        agree("a picture", (status, headers.get("content-type"), body), (200, KINDS[what], file))
        status, _, body = self.get(path, {"if-none-match": headers["etag"]})
        return agree("a picture that is known", (status, body), (304, b""))

    def get(self, path, headers):
        """A plain request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.program.client.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def end(self):
        """Nothing is published with a wrong secret; then a digest of all that is shown."""
        self.program.stop_server()
        secret = "CONNECTS_ASSETS__S3__SECRET_ACCESS_KEY"
        if secret in self.program.environment:
            right = self.program.environment[secret]
            self.program.environment[secret] = "wrong"
            self.program.start_server()
            asked = {"kind": "LOGO", "name": "x", "caption": "x"} | _file(picture(self.dice))
            refused = self.program.client.ask(self.admins[0], PUBLISH, i=asked)["done"]
            agree("a picture by a wrong secret", [one["code"] for one in refused["userErrors"]], ["ASSETS_UNAVAILABLE"])
            self.program.stop_server()
            self.program.environment[secret] = right
        self.program.verify()
        shown = [(one.kind, one.name, one.caption, one.picture and _digest(one.picture[3]), one.is_retired)
                 for one in self.creatives]
        return dict(self.tally), _digest(repr(shown).encode())


def _file(made):
    return {"file": base64.b64encode(made[3]).decode()} if made else {}


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def story(kind, given, folder):
    """Plays on one database with each storage."""
    counts, digests = {}, []
    own = os.path.join(folder, kind)
    os.mkdir(own)
    for storage in each(own):
        name = f"creatives_{storage.name}"
        database = Sqlite(own, name) if kind == "sqlite" else Postgres(given.postgres, name)
        database.create()
        program = Program(os.path.abspath(given.binary), database.url, START, own)
        program.environment |= {f"CONNECTS_ASSETS__S3__{name}": value for name, value in storage.settings.items()}
        try:
            played = Story(program, given, storage)
            played.begin()
            played.live(given.scale)
            counts[storage.name], digest = played.end()
            digests.append(digest)
            say(f"[{kind}] {storage.name}: {counts[storage.name]}")
        finally:
            program.close()
            database.drop()
    agree("digests of folder and bucket", digests[0], digests[1])
    return counts, digests[0]


if __name__ == "__main__":
    GIVEN = arguments(__doc__, 200, "changes of creatives")
    sys.exit(play(GIVEN, story, same_on_each))
