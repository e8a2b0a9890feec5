"""Hostile requests around a document: bodies, content types, names of operations, variables."""

import gzip
import json
import random

from documents import VALUE
from wire import many, request

JSON = ("Content-Type", "application/json")
CLOCK = {"query": "{ clock { now } }"}
PIECE = b"x" * 65_536
TOO_LARGE, UNREAD = "PAYLOAD_TOO_LARGE", "BAD_REQUEST"
INVALID = {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
MUTATION = 'mutation { pauseTask(input: { task: "reconcile" }) { replayed } }'


def dumped(value):
    """A request with this JSON as its body."""
    return request(body=json.dumps(value).encode(), headers=[JSON])


def bodies():
    """(name, pieces to send, the codes that may come back)."""
    def one(name, body, *codes, headers=(JSON,)):
        return name, [request(body=body, headers=headers)], set(codes)

    size = 150 * 1024 * 1024
    yield "150 MB body", many([("Content-Length", size), JSON], PIECE, size // len(PIECE)), {TOO_LARGE, "CLOSED"}
    endless = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    yield "chunked without end", many([("Transfer-Encoding", "chunked"), JSON], endless, 4_096), {TOO_LARGE, "CLOSED"}
    dust = b"1\r\nx\r\n" * 10_000
    yield "chunks of one byte", many([("Transfer-Encoding", "chunked"), JSON], dust, 60), {TOO_LARGE, "CLOSED"}
    bomb = gzip.compress(b'{"query":"' + b" " * (100 << 20) + b'{ clock { now } }"}')
    for coding in ("gzip", "deflate", "br", "identity", "gzip, gzip"):
        yield one(f"bomb as {coding}", bomb, "UNSUPPORTED_MEDIA_TYPE", headers=(JSON, ("Content-Encoding", coding)))
    yield one("batch of 20k", json.dumps([{"query": "{clock{now}}"}] * 9_000).encode(), UNREAD)
    yield one("batch of 20k, too large", json.dumps([CLOCK] * 20_000).encode(), TOO_LARGE)
    yield one("1 MB string", json.dumps({"query": f'{{ node(id: "{"s" * (1 << 20)}") {{ id }} }}'}).encode(), TOO_LARGE)
    yield one("1 MB int", b'{"query":"{ jobPosts(first: ' + b"9" * (1 << 20) + b') { nodes { id } } }"}', TOO_LARGE)
    yield one("JSON in 100k levels", b'{"query":"{clock{now}}","variables":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
              UNREAD)
    yield one("JSON in 120 levels", b'{"query":"{clock{now}}","variables":{"a":' + b"[" * 120 + b"]" * 120 + b"}}",
              "DATA", UNREAD, *INVALID)
    yield one("the query twice", b'{"query":"{ clock { now } }","query":"{ clock { kind } }"}', "DATA", UNREAD)
    yield one("20k unknown members", json.dumps(CLOCK | {f"m{n}": n for n in range(15_000)}).encode(), "DATA")
    for name, body in (("empty", b""), ("null", b"null"), ("a list", b"[]"), ("a string", b'"{clock{now}}"'),
                       ("cut off", b'{"query":'),
                       ("query 1", b'{"query":1}'), ("query null", b'{"query":null}'), ("no query", b"{}"),
                       ("invalid UTF-8", b'{"query":"{ clock { now } } # \xff\xfe"}'),
                       ("half a surrogate", b'{"query":"\\ud800"}'),
                       ("a byte order mark", b'\xef\xbb\xbf{"query":"{clock{now}}"}'),
                       ("UTF-16", '{"query":"{clock{now}}"}'.encode("utf-16")),
                       ("NaN", b'{"query":"{clock{now}}","variables":{"a":NaN}}'),
                       ("1e999", b'{"query":"{clock{now}}","variables":{"a":1e999}}'),
                       ("noise", random.Random(1).randbytes(100_000)), ("null bytes", b"\0" * 100_000),
                       ("two values", b'{"query":"{clock{now}}"}{"query":"{clock{now}}"}'),
                       ("variables as a list", b'{"query":"{clock{now}}","variables":[1]}'),
                       ("extensions as text", b'{"query":"{clock{now}}","extensions":"x"}'),
                       ("operationName 1", b'{"query":"{clock{now}}","operationName":1}'),
                       ("a persisted query", b'{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}')):
        yield one(f"body: {name}", body, UNREAD)
    yield from _contents(one)
    yield from _names(one)
    yield from _variables(one)


def _contents(one):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                 "application/graphql", "",
                 "application/json; charset=utf-16", "application/json, text/plain", "application/jsonx", "\xff",
                 "a" * 8_000):
        yield one(f"content type {kind[:30]!r}", json.dumps(CLOCK).encode(), "UNSUPPORTED_MEDIA_TYPE",
                  headers=[("Content-Type", kind)])
    for accept in ("text/html", "image/*;q=1", "application/json;q=0", "," * 8_000):
        yield one(f"accept {accept[:30]!r}", json.dumps(CLOCK).encode(), "NOT_ACCEPTABLE",
                  headers=[JSON, ("Accept", accept)])
    for accept in ("*/*;q=NaN", "application/json;q=inf", "application/json;q=1e999", "*/*;q=-1"):
        yield one(f"accept {accept}", json.dumps(CLOCK).encode(), "NOT_ACCEPTABLE", "DATA",
                  headers=[JSON, ("Accept", accept)])
    for token in ("Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "bearer " + "a" * 60_000,
                  "Bearer eyJhbGciOiJub25lIn0.e30.", "\xff\xfe", "Bearer \t\t"):
        yield one(f"token {token[:24]!r}", json.dumps(CLOCK).encode(), "UNAUTHENTICATED",
                  headers=[JSON, ("Authorization", token)])


def _names(one):
    two = "query A { clock { now } } query B { clock { kind } }"
    unresolved, invalid = {"OPERATION_RESOLUTION_FAILURE"}, {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    for name in ("", " ", "A\0", "C", "__proto__", "Ａ", VALUE * 5_000):
        body = json.dumps({"query": two, "operationName": name}).encode()
        yield one(f"operationName {name[:20]!r}", body, *unresolved)
    wide = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}"
                    for n in range(28)) + " fragment F28 on Query { clock { now } }"
    others = {"doubling": f"{{ ...F0 }} {wide}", "mutation": MUTATION[9:],
              "depth": "{ " + "viewer { " * 60 + "id" + " }" * 61,
              "directives": "{ clock " + "@skip(if: true) " * 300 + "{ now } }"}
    for name, other in others.items():
        kind = "mutation" if name == "mutation" else "query"
        body = json.dumps({"query": f"query A {{ clock {{ now }} }} {kind} B {other}", "operationName": "A"}).encode()
        yield one(f"{name} in the operation that does not run", body, "QUERY_TOO_COMPLEX", "DATA", *invalid)
    body = json.dumps({"query": "query A { clock { now } } query A { clock { kind } }", "operationName": "A"}).encode()
    yield one("two operations of one name", body, *invalid, *unresolved)
    body = json.dumps({"query": "{ clock { now } } query A { clock { kind } }", "operationName": "A"}).encode()
    yield one("a named one and one without a name", body, *invalid)


def _variables(one):
    def asked(declared, argument, value):
        query = f"query($v: {declared}) {{ {argument} }}"
        return json.dumps({"query": query, "variables": {"v": value}}).encode()

    posts = "jobPosts(filter: $v) { nodes { id } }"
    yield one("29k categories", asked("JobPostFilter", posts, {"categories": ["DESIGN"] * 23_000}), "DATA", *INVALID)
    yield one("26k nulls for categories", asked("JobPostFilter", posts, {"categories": [None] * 26_000}), *INVALID)
    yield one("100 KB word to search", asked("JobPostFilter", posts, {"text": "w" * 100_000}), "DATA", *INVALID)
    yield one("20 words of 10 KB to search", asked("JobPostFilter", posts, {"text": " ".join([VALUE * 600] * 20)}),
              "DATA", *INVALID)
    yield one("100k words to search", asked("JobPostFilter", posts, {"text": "w " * 100_000}), *INVALID)
    yield one("an amount of 200k digits", asked("JobPostFilter", posts, {"minBudget": {"amount": "9" * 200_000}}),
              *INVALID)
    yield one("an amount of NaN", asked("JobPostFilter", posts, {"minBudget": {"amount": "NaN"}}), *INVALID)
    yield one("a negative amount", asked("JobPostFilter", posts, {"minBudget": {"amount": "-1.00"}}), *INVALID)
    yield one("100k ids", asked("[ID!]!", "nodes(ids: $v) { id }", ["a"] * 50_000), *INVALID)
    yield one("a list where one id should be", asked("ID!", "node(id: $v) { id }", ["a"] * 50_000), *INVALID)
    yield one("a variable in 100 levels", asked("ID!", "node(id: $v) { id }", json.loads("[" * 100 + "]" * 100)),
              *INVALID)
    yield one("20k unused variables", json.dumps(CLOCK | {"variables": {f"v{n}": n for n in range(15_000)}}).encode(),
              "DATA", *INVALID)
    yield one("a first of 1e300", asked("Int", "jobPosts(first: $v) { nodes { id } }", 1e300), *INVALID)
    yield one("a first that is no number", asked("Int", "jobPosts(first: $v) { nodes { id } }", VALUE), *INVALID)
    yield one("a variable of an unknown type", asked("Nothing", "node(id: $v) { id }", "a"), *INVALID)
    yield one("a variable of an output type", asked("Viewer", "node(id: $v) { id }", {"id": 1}), *INVALID)
    yield one("control characters", asked("ID!", "node(id: $v) { id }",
                                          "".join(map(chr, range(32))) + "\x7f\u0085\u2028"), "DATA")


def signed_in(token, wallet):
    """Requests of somebody with a wallet: short to send, long to compute, and cheap for the guard."""
    ids = {"i": [wallet] * 100}
    many = {
        "29 forecasts": " ".join(f"f{n}: expiryForecast(plannedSpend: {n}) {{ days {{ left }} }}" for n in range(29)),
        "29 balances": " ".join(f'b{n}: availableAsOf(at: "2026-02-{n % 28 + 1:02}T00:00:00Z")' for n in range(29)),
        "a history": "history(first: 45) { nodes { id movements(first: 100) { nodes { id lot { explanation } } } } }",
    }
    for name, fields in many.items():
        query = f"query($i: [ID!]!) {{ nodes(ids: $i) {{ ... on Wallet {{ {fields} }} }} }}"
        body = json.dumps({"query": query, "variables": ids}).encode()
        headers = [JSON, ("Authorization", f"Bearer {token}")]
        yield f"100 times {name}", [request(body=body, headers=headers)], {"DATA", "QUERY_TOO_COMPLEX"}
