"""Hostile documents for the guard: each is short to send and long to process. Pure functions."""

VALUE = "zq-hostile-value-"
"Marks what the caller wrote into strings: no answer and no log may contain it."
SCHEMA_LISTS = "types { fields { type { fields { type { fields { name args { name type { name } } } } } } } }"


def doubling(levels, root="{ ...F0 }", copies=2):
    """Fragments side by side, each of which spreads the next `copies` times."""
    parts = [root]
    parts += [f"fragment F{n} on Query {{ {f'...F{n + 1} ' * copies}}}" for n in range(levels)]
    return " ".join([*parts, f"fragment F{levels} on Query {{ clock {{ now }} }}"])


def nested(levels):
    """Fields within fields, doubled at each level under aliases."""
    parts = ["{ jobPosts { nodes { ...F0 } } }"]
    for n in range(levels):
        deeper = f"viewerProposal {{ jobPost {{ ...F{n + 1} }} }}"
        parts.append(f"fragment F{n} on JobPost {{ a: {deeper} b: {deeper} }}")
    return " ".join([*parts, f"fragment F{levels} on JobPost {{ id }}"])


def aliases(count):
    """The same root field under many names."""
    return "{ " + " ".join(f"a{n}: clock {{ now }}" for n in range(count)) + " }"


def deep(levels):
    """Fields within fields."""
    return "{ viewer " + "{ jobPosts { nodes { client " * levels + "{ name }" + " } } }" * levels + " }"


def introspection(levels):
    """Types of fields of types of fields."""
    return "{ __schema { types { " + "fields { type { " * levels + "name" + " } }" * levels + " } } }"


def documents():
    """(name, document, the codes that may come back; DATA is an answer without errors)."""
    refused, invalid, unread = "QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"
    yield from ((f"flat fragments {n}", doubling(n), {refused}) for n in range(14, 32))
    yield "fan-out 20^6", doubling(6, copies=20), {refused}
    yield "doubling that nobody spreads", doubling(28, "{ clock { now } }"), {refused, invalid}
    yield from ((f"nested doubling {n}", nested(n), {refused}) for n in (6, 14, 30))
    yield "inline fragments in 300 levels", "{ " + "... { " * 300 + "clock { now }" + " }" * 300 + " }", \
        {refused, unread, invalid, "DATA"}
    yield "20k aliases", aliases(20_000), {refused, "PAYLOAD_TOO_LARGE"}
    yield "30 aliases at the root", aliases(30), {refused}
    yield "21 root fields in fragments", "{ ...A ...B } fragment A on Query { " + aliases(11)[1:] \
        + " fragment B on Query " + aliases(11), {refused, invalid}
    yield "20k duplicate fields", "{ clock { " + "now " * 20_000 + "} }", {refused}
    yield "200k duplicate fields", "{ clock { " + "now " * 200_000 + "} }", {"PAYLOAD_TOO_LARGE"}
    yield "1,900 duplicate fields", "{ clock { " + "now " * 1_900 + "} }", {"DATA"}
    yield "50k directives", "{ clock " + "@a" * 50_000 + " { now } }", {refused}
    yield "51 directives", "{ clock " + "@include(if: true) " * 51 + "{ now } }", {refused}
    yield "50 equal directives", "{ clock " + "@include(if: true) " * 50 + "{ now } }", {refused, invalid, "DATA"}
    yield "depth 200", deep(66), {refused, unread}
    yield "depth 16 without a connection", "{ " + "viewer { wallets { nodes { " * 5 + "id" + " } } }" * 5 + " }", \
        {refused, invalid}
    yield "100k list brackets", "{ nodes(ids: " + "[" * 50_000 + "]" * 50_000 + ") { id } }", {refused}
    for levels in (100, 450, 900):
        brackets = "[" * levels + "]" * levels
        yield f"{levels} list brackets", f"{{ nodes(ids: {brackets}) {{ id }} }}", {refused, unread, invalid}
    yield "400 object brackets", "{ jobPosts(filter: " + "{a:" * 400 + "1" + "}" * 400 + ") { nodes { id } } }", \
        {refused, unread, invalid}
    yield "900 brackets in a type", "query($v: " + "[" * 900 + "Int" + "]" * 900 + ") { clock { now } }", \
        {refused, unread, invalid}
    # What the guard could take for a comment or a string, and the parser does not: neither hides a token.
    for name, hidden in (("a comment", "#\r{ "), ("a block string", '{ node(id: """\\"""" x """) { id } ')):
        yield f"2k names behind {name}", hidden + "clock { " + "now " * 2_001 + "} }", {refused, unread}
        arguments = "jobPosts(" + "a:1 " * 30_000 + ") { nodes { id } } }"
        yield f"30k arguments behind {name}", hidden + arguments, {refused, unread}
        for levels in (450, 1_500, 3_000, 6_000, 60_000):
            brackets = "nodes(ids: " + "[" * levels + "]" * levels + ") { id } }"
            yield f"{levels} brackets behind {name}", hidden + brackets, {refused, unread}
    yield "100k braces, unclosed", "{" * 100_000, {refused}
    yield "10k variables", "query(" + " ".join(f"$v{n}: Int" for n in range(10_000)) + ") { clock { now } }", {refused}
    yield "600 unused variables", "query(" + " ".join(f"$v{n}:Int" for n in range(600)) + ") { clock { now } }", \
        {refused, invalid}
    yield "cycle of fragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", {invalid}
    yield "cycle that nobody spreads", "{ clock { now } } fragment A on Query { ...A }", {invalid}
    yield "introspection in a circle", introspection(6), {refused}
    yield from ((f"introspection, {n} nested lists", introspection(n), {"DATA", refused}) for n in (2, 3))
    yield "introspection 20 times", "{ " + " ".join(f"a{n}: __schema {{ {SCHEMA_LISTS} }}"
                                                    for n in range(20)) + " }", {refused, "DATA"}
    lists = " ".join(f"a{n}: {SCHEMA_LISTS}" for n in range(30))
    yield "introspection of types 30 times", f"{{ __schema {{ {lists} }} }}", {refused, "DATA"}
    inner = "fields { type { fields { type { fields { name args { type { inputFields { name } } } } } } } }"
    yield "introspection of arguments", f"{{ __schema {{ types {{ {inner} }} }} }}", {refused, "DATA"}
    yield "a subscription", "subscription { clock { now } }", {invalid, unread, refused, "BAD_USER_INPUT"}
    for name, text in (("empty", ""), ("blank", " \n,,, # nothing\n"), ("only a fragment",
                                                                        "fragment A on Query { __typename }"),
                       ("no fields", "{ }"), ("unclosed string", '{ node(id: "'),
                       ("a type definition", "type A { b: Int }"),
                       ("a null byte", "{ clock\0 { now } }"), ("half a spread", "{ .. clock { now } }")):
        yield f"document: {name}", text, {unread, invalid, "OPERATION_RESOLUTION_FAILURE"}
    yield "document with a byte order mark", "\ufeff{ clock { now } }", {"DATA", unread}
    yield "200 KB of comment", "#" * 200_000 + "\n{ clock { now } }", {"DATA"}
    yield "200 KB of commas", "," * 200_000 + "{ clock { now } }", {"DATA"}
    yield "a name of 200 KB", "{ " + "n" * 200_000 + " }", {invalid, refused}
    yield from _values()


def _values():
    bad = {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"}
    text = VALUE * 12_000
    yield "200 KB in an id", f'{{ node(id: "{text}") {{ id }} }}', {"DATA"}
    yield "200 KB in an id, as a block", f'{{ node(id: """{text}""") {{ id }} }}', {"DATA"}
    yield "200 KB in a cursor", f'{{ jobPosts(after: "{text}") {{ nodes {{ id }} }} }}', bad
    searches = {"200 KB": text, "60 KB": text[:60_000], "45 KB of wildcards": "%_" * 22_500 + "a",
                "20 words of 2 KB": " ".join(["%a" * 1_000] * 20)}
    quoted = ('\\" OR 1=1 --', "* NEAR/2 (", "a\\u0000b", "'; DROP TABLE account; --", "\\u202e\\u0007\\u001b[31m")
    for name, words in (searches | {words: words for words in quoted}).items():
        document = f'{{ jobPosts(filter: {{ text: "{words}" }}) {{ nodes {{ id }} }} }}'
        yield f"search for {name}", document, bad | {"DATA"}
    for first in ("2147483647", "2147483648", "-1", "-2147483649", "101", "1e400", "1.5", "1e1", "NaN", "Infinity",
                  "0x7f",
                  "null", '"20"', "[20]", "{a: 1}", "TRUE", "9" * 200_000):
        wanted = {"DATA"} if first in ("null", "[20]") else bad | {"QUERY_TOO_COMPLEX"}
        yield f"first: {first[:20]}", f"{{ jobPosts(first: {first}) {{ nodes {{ id }} }} }}", wanted | bad
    yield "first: 0 and last: 0", "{ jobPosts(first: 0, last: 0) { nodes { id } } }", {"DATA"}
    yield "an argument twice", "{ jobPosts(first: 1, first: 2) { nodes { id } } }", bad | {"DATA"}
    for cursor in ("", "AAAA", "bnVsbA", "WzEsMl0", "W10", "eyJhIjoxfQ", "////", "%00", "WyIyMDI2IiwgMV0",
                   "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
                   "W1tbW1tbW1tbW1tbW1td",
                   "WyI5OTk5OS0xMi0zMVQyMzo1OTo1OVoiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ"):
        yield f"cursor {cursor[:16]!r}", f'{{ jobPosts(after: "{cursor}") {{ nodes {{ id }} }} }}', bad
    for made in ("", "\\u0000", "Sm9iUG9zdDo", "Sm9iUG9zdDoA", "TG90OjA6LTE", "Vmlld2VyOg==", "a" * 50_000, "\\u2028"):
        yield f"id {made[:16]!r}", f'{{ node(id: "{made}") {{ id }} }}', {"DATA"}
    yield "a default for a type that is none", "query($v: [Nope] = 1) { clock { now @skip(if: $v) } }", bad
    yield "a string for an enum word", '{ jobPosts(filter: { payment: "FIXED" }) { nodes { id } } }', bad
    yield "an input field twice", "{ jobPosts(filter: { maxConnects: 1, maxConnects: 2 }) { nodes { id } } }", bad
    overlapping = "... on Lot { movements { nodes { id } } } ... on HistoryEntry { movements { nodes { id } } } "
    yield "fields that overlap, 60 times", f'{{ node(id: "") {{ {overlapping * 60} }} }}', {"DATA"}
    yield "a wrong enum word", "{ jobPosts(filter: { payment: GOLD }) { nodes { id } } }", bad
    yield "an enum word of 100 KB", f"{{ jobPosts(filter: {{ payment: {'Z' * 100_000} }}) {{ nodes {{ id }} }} }}", bad
