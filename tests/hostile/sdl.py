"""A small parser of the schema's SDL: as much of the language as `schema.graphql` uses."""

import json
import re

from definitions import Field, Ref, Schema, Type, Value

TOKEN = re.compile(r'"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|[_A-Za-z]\w*|-?\d+(?:\.\d+)?|[!:=|&@(){}\[\]]')
SPACE = re.compile(r"(?:[\s,]|#[^\n\r]*)+")


class Parser:
    """Reads a text token by token."""

    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            if found := SPACE.match(text, at):
                at = found.end()
            elif found := TOKEN.match(text, at):
                self.tokens.append(found[0])
                at = found.end()
            else:
                raise ValueError(f"no token at {text[at:at + 20]!r}")
        self.at = 0

    def schema(self):
        """All of the text."""
        types, unions = {}, {}
        while self.at < len(self.tokens):
            self.description()
            kind = self.next()
            if kind == "schema":
                self.braces(lambda: (self.next(), self.take(":"), self.next()))
            elif kind == "directive":
                self.directive()
            elif kind == "union":
                name = self.next()
                unions[name] = self.members()
            elif kind in ("type", "interface", "input", "enum", "scalar"):
                one = self.definition(kind)
                types[one.name] = one
            else:
                raise ValueError(f"{kind!r} is no definition")
        # A union is an interface without fields, which its members implement.
        for name, members in unions.items():
            types[name] = Type("interface", name)
            for member in members:
                if member not in types:
                    raise ValueError(f"{name} has a member {member} that is no type")
                types[member].interfaces.append(name)
        return Schema(types)

    def members(self):
        """What follows the name of a union."""
        self.take("=")
        self.has("|")
        found = [self.next()]
        while self.has("|"):
            found.append(self.next())
        return found

    def definition(self, kind):
        """What follows `type`, `input` and so on."""
        one = Type(kind, self.next())
        if self.has("implements"):
            one.interfaces.append(self.next())
            while self.has("&"):
                one.interfaces.append(self.next())
        self.directives()
        if kind in ("type", "interface"):
            one.fields = {each.name: each for each in self.braces(self.field)}
        elif kind == "input":
            one.inputs = {each.name: each for each in self.braces(self.value)}
        elif kind == "enum":
            one.words = self.braces(self.word)
        return one

    def field(self):
        """A field with its arguments."""
        self.description()
        name, arguments = self.next(), []
        if self.peek() == "(":
            arguments = self.braces(self.value, "(", ")")
        self.take(":")
        one = Field(name, self.type(), {each.name: each for each in arguments})
        self.directives()
        return one

    def value(self):
        """An argument or an input field."""
        self.description()
        name = self.next()
        self.take(":")
        one = Value(name, self.type())
        if self.has("="):
            one.default = self.literal()
        self.directives()
        return one

    def word(self):
        """A value of an enum."""
        self.description()
        found = self.next()
        self.directives()
        return found

    def type(self):
        """A reference to a type."""
        if self.has("["):
            item = self.type()
            self.take("]")
            return Ref(None, item, self.has("!"))
        name = self.next()
        return Ref(name, None, self.has("!"))

    def literal(self):
        """A constant; enum values are strings, too."""
        if self.peek() == "[":
            return self.braces(self.literal, "[", "]")
        if self.peek() == "{":
            return dict(self.braces(lambda: (self.next(), self.take(":"), self.literal())[::2]))
        text = self.next()
        if text[0] == '"' or text in ("true", "false", "null") or text.lstrip("-")[0].isdigit():
            return json.loads(text)
        return text

    def directives(self):
        """Skips directives."""
        while self.has("@"):
            self.next()
            if self.peek() == "(":
                self.braces(self.argument, "(", ")")

    def argument(self):
        """An argument of a directive."""
        return self.next(), self.take(":"), self.literal()

    def directive(self):
        """Skips the definition of a directive."""
        self.take("@")
        self.field_like()
        self.take("on")
        self.has("|")
        self.next()
        while self.has("|"):
            self.next()

    def field_like(self):
        """A name with arguments, without a type."""
        self.next()
        if self.peek() == "(":
            self.braces(self.value, "(", ")")

    def braces(self, item, opening="{", closing="}"):
        """Items in braces."""
        self.take(opening)
        found = []
        while not self.has(closing):
            found.append(item())
        return found

    def description(self):
        """Skips a description."""
        if self.peek() and self.peek()[0] == '"':
            self.at += 1

    def peek(self):
        """The next token, without taking it."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self):
        """Takes the next token."""
        if self.at >= len(self.tokens):
            raise ValueError("the text ends too soon")
        self.at += 1
        return self.tokens[self.at - 1]

    def has(self, token):
        """Takes `token` if it comes next; returns whether it did."""
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def take(self, token):
        """Takes `token`, which must come next."""
        if not self.has(token):
            raise ValueError(f"{self.peek()!r} where {token!r} should be")


def parse(text):
    """The schema in `text`."""
    return Parser(text).schema()
