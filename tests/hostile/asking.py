"""Random requests from the schema: which fields, how deep, with which arguments; and what may come back."""

from dataclasses import dataclass, field
from datetime import timedelta

from values import Values, instant, literal, stamp

DEPTH = 5
ROLES = ("grantRole", "revokeRole")
"Only rehearsed: roles stay as they are, or nobody could say what each person may see."
ENDS = ("closeAccount", "suspendAccount", "suspendForFraud")
"Mostly rehearsed: otherwise nobody could do anything in the end."
OBJECTS = 12
"Fields with fields of their own in one request, at most; the rest are leaves."


@dataclass
class Chosen:
    """A selected field: the key of its answer, its type, and what it selects for each type of object."""

    key: str
    name: str
    type: object
    arguments: dict = field(default_factory=dict)
    children: dict = field(default_factory=dict)
    directive: str = ""
    shown: bool = True

    def written(self):
        """The field as text in a document; arguments as literals, or as names of variables."""
        label = self.name if self.key == self.name else f"{self.key}: {self.name}"
        given = ", ".join(f"{name}: {text}" for name, text in self.arguments.items())
        return f"{label}{f'({given})' if given else ''}{self.directive}{self.selection()}"

    def selection(self):
        """What it selects, in braces."""
        if not self.children:
            return ""
        parts = ["__typename"]
        for name, fields in self.children.items():
            inner = " ".join(one.written() for one in fields)
            parts.append(f"... on {name} {{ {inner} }}" if len(self.children) > 1 else inner)
        return " { " + " ".join(parts) + " }"


@dataclass
class Request:
    """One request; `roots` say what its answer must look like."""

    kind: str
    roots: list
    variables: dict
    declared: list
    must_fail: bool = False
    "Whether something was broken on purpose that validation must find."
    dry_run: bool = False
    name: str | None = None
    label: str = ""
    "Its name in the table."

    def document(self):
        """The text of the document."""
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        return f"{self.kind} R{declared} {{ {' '.join(one.written() for one in self.roots)} }}"


class Asking:
    """Makes one request from `dice`."""

    def __init__(self, schema, dice, pools, now):
        self.schema = schema
        self.dice = dice
        self.now = now
        wildness = dice.choice((0.0, 0.0, 0.02, 0.1))
        self.values = Values(schema, dice, pools, now, wildness)
        self.variables, self.declared = {}, []
        self.input = {}
        self.objects = self.aliases = 0

    def request(self):
        """A query with a few root fields, or one mutation; now and then broken."""
        if self.dice.random() < 0.5:
            one = self.schema["Mutation"].fields[self.dice.choice(sorted(self.schema["Mutation"].fields))]
            roots, kind = [self._mutation(one)], "mutation"
        else:
            fields, kind = sorted(self.schema["Query"].fields), "query"
            roots = [self._field(self.schema["Query"].fields[self.dice.choice(fields)], 0)
                     for _ in range(self.dice.choice((1, 1, 2)))]
            if len(roots) == 2 and roots[0].name == roots[1].name:
                roots.pop()
        made = Request(kind, roots, self.variables, self.declared)
        made.label = roots[0].name if kind == "mutation" else f"query {roots[0].name}"
        made.dry_run = kind == "mutation" and bool(self.input.get("dryRun"))
        if self.dice.random() < 0.06:
            self._break(made)
        return made

    def _mutation(self, one):
        made = self.values.input(one.arguments["input"].type.name)
        if one.name == "advanceClock" and isinstance(made.get("to"), str):
            # Long advances are slow, and would expire what the other workers use.
            most = timedelta(days=30) if made.get("dryRun") is True else timedelta(minutes=40)
            made["to"] = stamp(min(_instant(made["to"], self.now), self.now + most))
        if one.name in ROLES or one.name in ENDS and self.dice.random() < 0.95:
            made["dryRun"] = True
        self.input = made
        chosen = Chosen(one.name, one.name, one.type)
        chosen.arguments["input"] = self._argument(one.arguments["input"], made)
        payload = self.schema[one.type.name]
        chosen.children[payload.name] = [self._field(each, DEPTH - 2) for each in payload.fields.values()]
        return chosen

    def _field(self, one, depth):
        chosen = Chosen(one.name, one.name, one.type)
        for name, value in one.arguments.items():
            needed = value.type.required and value.default is None
            paging = name == "first" and depth > 0
            if needed or paging or self.dice.random() < 0.15:
                chosen.arguments[name] = self._argument(value, self.values.of(name, value.type))
        base = one.type.base()
        if self.aliases < 25 and self.dice.random() < 0.04:
            self.aliases += 1
            chosen.key = f"a{self.aliases}"
        if depth and self.dice.random() < 0.02:
            chosen.directive, chosen.shown = self.dice.choice(
                ((" @skip(if: true)", False), (" @include(if: false)", False), (" @skip(if: false)", True),
                 (" @include(if: true)", True)))
        if not self.schema.is_leaf(base):
            self.objects += 1
            for name in self.schema.possible(base):
                chosen.children[name] = self._selection(name, depth + 1)
            if base == "UserError":
                self._all_facts(chosen)
        return chosen

    def _selection(self, name, depth):
        fields = self.schema[name].fields
        leaves = [one for one in fields.values() if self.schema.is_leaf(one.type.base())]
        rest = [one for one in fields.values() if one not in leaves]
        some = self.dice.sample(leaves, self.dice.randint(min(1, len(leaves)), min(4, len(leaves))))
        if depth < DEPTH and self.objects < OBJECTS and rest:
            some += self.dice.sample(rest, min(len(rest), self.dice.choice((1, 1, 2))))
        elif not some:
            some = [next((one for one in rest if one.name in ("pageInfo", "nodes")), rest[0])]
        return self._distinct(self._field(one, depth) for one in some)

    def _all_facts(self, chosen):
        shared = [Chosen(one.name, one.name, one.type) for one in self.schema["UserError"].fields.values()]
        for name in chosen.children:
            facts = self.schema[name].fields.values()
            chosen.children[name] = shared + [Chosen(f"{name}_{one.name}", one.name, one.type) for one in facts
                                              if one.name not in self.schema["UserError"].fields and self.aliases < 25]

    @staticmethod
    def _distinct(fields):
        found = {}
        for one in fields:
            found.setdefault(one.key, one)
        return list(found.values())

    def _argument(self, value, made):
        if self.dice.random() < 0.5 and _is_writable(made):
            return literal(made)
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {value.type}")
        self.variables[name] = made
        return f"${name}"

    def _break(self, made):
        root, how = made.roots[0], self.dice.randrange(5)
        made.must_fail = True
        if how == 0:
            root.arguments["nonsense"] = "1"
        elif how == 1:
            root.name = root.key = "nonsense"
        elif how == 2:
            made.declared.append("$unused: Int")
        elif how == 3:
            root.directive = " @nonsense"
        else:
            made.name = "S"


def _instant(text, now):
    try:
        return instant(text)
    except ValueError:
        return now


def _is_writable(value):
    """Whether a document can contain it: no half of a surrogate pair, and not very long."""
    try:
        return len(literal(value).encode()) < 20_000
    except UnicodeEncodeError:
        return False
