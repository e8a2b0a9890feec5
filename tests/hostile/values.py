"""Random values for arguments: mostly sensible, now and then hostile, and how they are written."""

import base64
import json
from datetime import datetime, timedelta, timezone

INTS = (0, 1, 2, 5, 8, 20, 100, 101, -1, 1_000, 1_001, 10**6, 2**31 - 1, -2**31, 2**31, 2**53, 10**30)
TEXTS = ("", " ", "\0", "a\0b", "\x1b[31mred\x1b[0m", "\r\nSet-Cookie: a=b", "\u202egnp.exe", "\ufeff", "e\u0301" * 40,
         "🚀" * 300,
         "'; DROP TABLE accounts; --", '" OR 1=1 --', "%_%_%", "* NEAR (", "${jndi:x}", "{{7*7}}",
         "<script>alert(1)</script>",
         "../../etc/passwd", "null", "undefined", "\\", '"""', "\x7f\x85\u2028", "=cmd()", "x" * 301, "x" * 1_001,
         "x" * 5_001,
         "x" * 10_001, "ß" * 60_000, "x" * 200_000)
DECIMALS = ("149.90", "0.01", "5", "600.5", "50000.00", "3000.01")
FILES = ("R0lGODlhWAJaAAAA", "iVBORw0KGgoAAAANSUhEUgAAAlgAAABaCAYAAAA=")
"Pictures as far as their size is said: a GIF and a PNG."
BAD_FILES = ("", "=", "A", "AAAA", "R0lGODlh", "R0lGOD lhWAJaAAAA", "R0lGODlhAAAAAAAA", "iVBORw0KGgoAAAANSUhEUv//////////CAYAAAA=",
             "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+", "-_-_", "\u202e", "A" * 1_000)
BAD_DECIMALS = ("", ".", "-1", "-0.00", "1.234", "1e3", "NaN", "Infinity", "1,5", "0x10", "999999999999.99",
                "9999999999999", "٣", " 1")
BAD_INSTANTS = ("", "yesterday", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
                "1969-12-31T23:59:59Z",
                "2026-01-01T00:00:60Z", "2026-01-01T24:00:00Z", "2026-01-01", "+10000-01-01T00:00:00Z",
                "2026-01-01T00:00:00+99:99")
TASKS = ("monthly-grants", "expire-connects", "job-posts", "expiry-notices", "reconcile", "housekeeping", "mail",
         "gone")
KINDS = {"jobPostId": "JobPost", "proposalId": "Proposal", "accountId": "Account", "ids": "Notification"}
WORDS = "logo choir bakery museum rust python menu weather newsletter climbing".split()


class Word(str):
    """An enum value, which a document writes without quotes."""


def literal(value):
    """A value as text in a document."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def global_id(text):
    """An id in the form that the server makes."""
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


class Values:
    """Values for one request, from its dice; `wildness` is the chance that a leaf is hostile."""

    def __init__(self, schema, dice, pools, now, wildness):
        self.schema = schema
        self.dice = dice
        self.pools = pools
        self.now = now
        self.wildness = wildness

    def of(self, name, ref):
        """A value for the argument or input field `name` of this type."""
        if self._is_wild():
            return self.dice.choice((None, [], {}, True, 1.5, "text", [None], {"a": 1}, [[1]]))
        if ref.item is not None:
            size = self.dice.choice((0, 1, 1, 2, 3, 50 if self.wildness else 3))
            if self._is_wild():
                size = self.dice.choice((99, 100, 101, 3_000))
            return [self.of(name, ref.item) for _ in range(size)]
        kind = self.schema[ref.name].kind
        if kind == "input":
            return self.input(ref.name)
        if kind == "enum":
            words = self.schema[ref.name].words
            return Word(self.dice.choice(words) if not self._is_wild()
                        else self.dice.choice(("GOLD", "open", "__TYPE", words[0].lower())))
        return getattr(self, f"_{ref.name.lower()}")(name)

    def input(self, type_name):
        """An input object: the required fields, and some of the others; now and then too many or too few."""
        made = {}
        for name, value in self.schema[type_name].inputs.items():
            needed = value.type.required and value.default is None
            if name == "dryRun":
                made[name] = self.dice.random() < 0.4
            elif needed or self.dice.random() < (0.5 if self.wildness else 0.3):
                made[name] = self.of(name, value.type)
        if made and self._is_wild():
            made.pop(self.dice.choice(list(made)))
        if self._is_wild():
            made[self.dice.choice(("isAdmin", "id", "clientId", "__proto__"))] = True
        return made

    def _is_wild(self):
        return self.dice.random() < self.wildness

    def _id(self, name):
        kinds = sorted(self.pools)
        kind = KINDS.get(name, self.dice.choice(kinds))
        shape = self.dice.random()
        if shape < 0.75 and self.pools.get(kind):
            return self.dice.choice(self.pools[kind])
        if shape < 0.85:
            return self.dice.choice(self.pools[self.dice.choice(kinds)])
        uuid = f"{self.dice.getrandbits(128):032x}"
        uuid = f"{uuid[:8]}-{uuid[8:12]}-7{uuid[13:16]}-8{uuid[17:20]}-{uuid[20:]}"
        made = (f"{kind}:{uuid}", f"{kind}:", f"{kind}:{uuid}:-1", f"{kind}:{uuid}:{2**63}", f"Lot:{uuid}:1",
                f"{kind}:\0", ":", "\ud800")
        return global_id(self.dice.choice(made)) if shape < 0.95 else self.dice.choice((*TEXTS, uuid))

    def _int(self, name):
        if self._is_wild():
            return self.dice.choice(INTS)
        if name in ("first", "last"):
            return self.dice.choice((0, 1, 2, 3, 5))
        if name == "expectedConnects":
            return self.dice.choice((2, 2, 4, 4, 6, 8))
        return self.dice.randint(1, 8)

    def _string(self, name):
        if self._is_wild():
            return self.dice.choice(TEXTS)
        if name in ("after", "before"):
            return self.dice.choice(self.pools.get("cursor") or ["none"])
        if name == "task":
            return self.dice.choice(TASKS)
        if name == "email":
            return self.dice.choice(("ada", "grace", "clara", "oskar", "nobody")) + "@demo.example"
        if name == "currencyCode":
            return "USD"
        if name == "idempotencyKey":
            return f"key-{self.dice.randrange(10**9 if self.dice.random() < 0.7 else 20)}"
        return " ".join(self.dice.choices(WORDS, k=self.dice.randint(1, 4)))

    def _boolean(self, _):
        return self.dice.random() < 0.5

    def _decimal(self, _):
        return self.dice.choice(BAD_DECIMALS if self._is_wild() else DECIMALS)

    def _base64(self, _):
        return self.dice.choice(BAD_FILES if self._is_wild() else FILES)

    def _date(self, _):
        return f"2026-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}"

    def _datetime(self, name):
        if self._is_wild():
            return self.dice.choice(BAD_INSTANTS)
        minutes = self.dice.randint(-400_000, 100_000) if name != "to" else self.dice.randint(-60, 240)
        return stamp(self.now + timedelta(minutes=minutes))


def instant(text):
    """A `DateTime` of the API."""
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def stamp(at):
    """An instant as the API takes it."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
