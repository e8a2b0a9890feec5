"""Whether an answer is what the schema promises for the selection: shape, nulls, enum values, formats."""

import re

from breach import must, shown
from judge import check_error

FORMATS = {
    "DateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
    "Date": re.compile(r"\d{4}-\d\d-\d\d"),
    "Decimal": re.compile(r"-?\d+\.\d\d"),
    "ID": re.compile(r"[A-Za-z0-9_-]+"),
}
OPTIONAL = {("SubmitProposalPayload", "entry")}
"What may be null although nothing was refused: a free proposal has no charge."


def check_shape(schema, request, answer):
    """Checks a whole answer against its request; `answer` is the JSON."""
    must(isinstance(answer, dict) and set(answer) <= {"data", "errors", "extensions"},
         f"other members: {shown(answer)}")
    errors, data = answer.get("errors"), answer.get("data")
    must("data" in answer or errors, "neither data nor errors")
    must(errors is None or isinstance(errors, list) and errors, "an empty list of errors")
    for error in errors or ():
        check_error(error)
        check_path(error.get("path"), data)
    must(not (request.must_fail and not errors), "a broken request was answered")
    if data is None:
        must(errors, "no data, and no errors")
        return
    root = schema["Mutation" if request.kind == "mutation" else "Query"]
    check_object(schema, data, {root.name: request.roots}, root.name, "data", has_name=False)
    if request.kind == "mutation" and data.get(request.roots[0].key) is not None:
        check_payload(schema, request, data[request.roots[0].key], {error["path"][1] for error in errors or ()
                                                                    if len(error.get("path", ())) > 1})


def check_path(path, data):
    """Checks that what failed is null, or something around it is."""
    for step in path or ():
        if data is None:
            return
        is_item = isinstance(data, list) and isinstance(step, int) and step < len(data)
        fits = is_item or isinstance(data, dict) and step in data
        must(fits, f"an error's path {path} leads nowhere")
        data = data[step]
    must(path is None or data is None, f"what failed at {path} is there")


def check_value(schema, value, chosen, ref, where):
    """Checks a value of the type `ref` of the selected field `chosen`."""
    if value is None:
        must(not ref.required, f"{where} is null, but is {ref}")
    elif ref.item is not None:
        must(isinstance(value, list), f"{where} is no list: {shown(value)}")
        must(len(value) <= 1_000, f"{where} has {len(value)} items")
        for number, item in enumerate(value):
            check_value(schema, item, chosen, ref.item, f"{where}[{number}]")
    elif schema.is_leaf(ref.name):
        check_leaf(schema, value, ref.name, where)
    else:
        check_object(schema, value, chosen.children, ref.name, where)


def check_object(schema, value, children, type_name, where, has_name=True):
    """Checks that exactly the fields selected for this type of object are there, in order."""
    must(isinstance(value, dict), f"{where} is no object: {shown(value)}")
    name = value.get("__typename") if has_name else type_name
    must(name in children, f"{where} is a {name}, not one of {type_name}")
    expected = (["__typename"] if has_name else []) + [one.key for one in children[name] if one.shown]
    must(sorted(value) == sorted(set(expected)), lambda: f"{where} has {sorted(value)} instead of {sorted(expected)}")
    for one in children[name]:
        if one.shown:
            check_value(schema, value[one.key], one, one.type, f"{where}.{one.key}")


def check_leaf(schema, value, name, where):
    """Checks a scalar or an enum value."""
    if schema[name].kind == "enum":
        fits = value in schema[name].words
    elif name == "Int":
        fits = type(value) is int and -2**31 <= value < 2**31
    elif name == "Boolean":
        fits = type(value) is bool
    else:
        fits = isinstance(value, str) and (name not in FORMATS or bool(FORMATS[name].fullmatch(value)))
    must(fits, f"{where} is no {name}: {shown(value)}")


def check_payload(schema, request, payload, failed):
    """Checks that there are refusals exactly when nothing was done; a field failed within the keys `failed`."""
    name = request.roots[0].type.name
    shown_keys = {one.key: one for one in request.roots[0].children[name] if one.shown}
    by_name = {one.name: payload[key] for key, one in shown_keys.items() if key not in failed}
    if "userErrors" not in by_name:
        return
    for field, value in by_name.items():
        ref = schema[name].fields[field].type
        if ref.required or (name, field) in OPTIONAL or (name, field) == ("RunTaskPayload", "run") and request.dry_run:
            continue
        refused = bool(by_name["userErrors"])
        must((value is None) == refused,
             lambda field=field: f"{name}.{field} with userErrors {by_name['userErrors']}: {shown(payload)}")
    if by_name["userErrors"]:
        must(not by_name.get("replayed"), "a refusal that is a replay")
