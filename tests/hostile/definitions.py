"""What a schema is made of."""

from dataclasses import dataclass, field

BUILT_IN = ("Int", "Float", "String", "Boolean", "ID")


@dataclass(frozen=True)
class Ref:
    """The type of a field or an argument: a name, or a list of another type, and whether it can be null."""

    name: str | None
    item: "Ref | None" = None
    required: bool = False

    def base(self):
        """The name within all lists."""
        return self.name if self.item is None else self.item.base()

    def __str__(self):
        inner = self.name if self.item is None else f"[{self.item}]"
        return f"{inner}!" if self.required else inner


@dataclass
class Value:
    """An argument or an input field; `default` is `None` where there is none."""

    name: str
    type: Ref
    default: object = None


@dataclass
class Field:
    """A field of an object or an interface."""

    name: str
    type: Ref
    arguments: dict = field(default_factory=dict)


@dataclass
class Type:
    """A definition; only the lists of its own kind are filled."""

    kind: str
    name: str
    interfaces: list = field(default_factory=list)
    fields: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    words: list = field(default_factory=list)


class Schema:
    """All definitions by name."""

    def __init__(self, types):
        self.types = types
        for name in BUILT_IN:
            self.types.setdefault(name, Type("scalar", name))

    def __getitem__(self, name):
        return self.types[name]

    def possible(self, name):
        """The names of the object types behind a type, in order."""
        if self[name].kind != "interface":
            return [name]
        return sorted(one.name for one in self.types.values() if one.kind == "type" and name in one.interfaces)

    def is_leaf(self, name):
        """Whether it has no fields."""
        return self[name].kind in ("scalar", "enum")
