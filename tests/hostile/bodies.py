"""Hostile requests below GraphQL: bodies, headers, methods, addresses, and senders that take their time."""

import gzip
import json
import random
from urllib.parse import quote

from documents import VALUE
from wire import request

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
    """(name, pieces to send, the codes that may answer them)."""
    def one(name, body, *codes, headers=(JSON,)):
        return name, [request(body=body, headers=headers)], set(codes)

    size = 150 * 1024 * 1024
    yield "150 MB body", _many([("Content-Length", size), JSON], PIECE, size // len(PIECE)), {TOO_LARGE, "CLOSED"}
    endless = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    yield "chunked without end", _many([("Transfer-Encoding", "chunked"), JSON], endless, 4_096), {TOO_LARGE, "CLOSED"}
    dust = b"1\r\nx\r\n" * 10_000
    yield "chunks of one byte", _many([("Transfer-Encoding", "chunked"), JSON], dust, 60), {TOO_LARGE, "CLOSED"}
    bomb = gzip.compress(b'{"query":"' + b" " * (100 << 20) + b'{ clock { now } }"}')
    for coding in ("gzip", "deflate", "br", "identity", "gzip, gzip"):
        yield one(f"bomb as {coding}", bomb, "UNSUPPORTED_MEDIA_TYPE", headers=(JSON, ("Content-Encoding", coding)))
    yield one("batch of 20k", json.dumps([{"query": "{clock{now}}"}] * 9_000).encode(), UNREAD)
    yield one("batch of 20k, too large", json.dumps([CLOCK] * 20_000).encode(), TOO_LARGE)
    yield one("1 MB string", json.dumps({"query": f'{{ node(id: "{"s" * (1 << 20)}") {{ id }} }}'}).encode(), TOO_LARGE)
    yield one("1 MB int", b'{"query":"{ jobPosts(first: ' + b"9" * (1 << 20) + b') { nodes { id } } }"}', TOO_LARGE)
    yield one("JSON in 100k levels", b'{"query":"{clock{now}}","variables":' + b"[" * 100_000 + b"]" * 100_000 + b"}", UNREAD)
    yield one("JSON in 120 levels", b'{"query":"{clock{now}}","variables":{"a":' + b"[" * 120 + b"]" * 120 + b"}}",
              "DATA", UNREAD, *INVALID)
    yield one("the query twice", b'{"query":"{ clock { now } }","query":"{ clock { kind } }"}', "DATA", UNREAD)
    yield one("20k unknown members", json.dumps(CLOCK | {f"m{n}": n for n in range(15_000)}).encode(), "DATA")
    for name, body in (("empty", b""), ("null", b"null"), ("a list", b"[]"), ("a string", b'"{clock{now}}"'), ("cut off", b'{"query":'),
                       ("query 1", b'{"query":1}'), ("query null", b'{"query":null}'), ("no query", b"{}"),
                       ("invalid UTF-8", b'{"query":"{ clock { now } } # \xff\xfe"}'), ("half a surrogate", b'{"query":"\\ud800"}'),
                       ("a byte order mark", b'\xef\xbb\xbf{"query":"{clock{now}}"}'), ("UTF-16", '{"query":"{clock{now}}"}'.encode("utf-16")),
                       ("NaN", b'{"query":"{clock{now}}","variables":{"a":NaN}}'), ("1e999", b'{"query":"{clock{now}}","variables":{"a":1e999}}'),
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
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql", "",
                 "application/json; charset=utf-16", "application/json, text/plain", "application/jsonx", "\xff", "a" * 8_000):
        yield one(f"content type {kind[:30]!r}", json.dumps(CLOCK).encode(), "UNSUPPORTED_MEDIA_TYPE", headers=[("Content-Type", kind)])
    for accept in ("text/html", "image/*;q=1", "application/json;q=0", "," * 8_000):
        yield one(f"accept {accept[:30]!r}", json.dumps(CLOCK).encode(), "NOT_ACCEPTABLE", headers=[JSON, ("Accept", accept)])
    for accept in ("*/*;q=NaN", "application/json;q=inf", "application/json;q=1e999", "*/*;q=-1"):
        yield one(f"accept {accept}", json.dumps(CLOCK).encode(), "NOT_ACCEPTABLE", "DATA", headers=[JSON, ("Accept", accept)])
    for token in ("Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "bearer " + "a" * 60_000, "Bearer eyJhbGciOiJub25lIn0.e30.", "\xff\xfe", "Bearer \t\t"):
        yield one(f"token {token[:24]!r}", json.dumps(CLOCK).encode(), "UNAUTHENTICATED", headers=[JSON, ("Authorization", token)])


def _names(one):
    two = "query A { clock { now } } query B { clock { kind } }"
    unresolved, invalid = {"OPERATION_RESOLUTION_FAILURE"}, {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    for name in ("", " ", "A\0", "C", "__proto__", "Ａ", VALUE * 5_000):
        body = json.dumps({"query": two, "operationName": name}).encode()
        yield one(f"operationName {name[:20]!r}", body, *unresolved)
    wide = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(28)) + " fragment F28 on Query { clock { now } }"
    others = {"doubling": f"{{ ...F0 }} {wide}", "mutation": MUTATION[9:], "depth": "{ " + "viewer { " * 60 + "id" + " }" * 61,
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
    yield one("20 words of 10 KB to search", asked("JobPostFilter", posts, {"text": " ".join([VALUE * 600] * 20)}), "DATA", *INVALID)
    yield one("100k words to search", asked("JobPostFilter", posts, {"text": "w " * 100_000}), *INVALID)
    yield one("an amount of 200k digits", asked("JobPostFilter", posts, {"minBudget": {"amount": "9" * 200_000}}), *INVALID)
    yield one("an amount of NaN", asked("JobPostFilter", posts, {"minBudget": {"amount": "NaN"}}), *INVALID)
    yield one("a negative amount", asked("JobPostFilter", posts, {"minBudget": {"amount": "-1.00"}}), *INVALID)
    yield one("100k ids", asked("[ID!]!", "nodes(ids: $v) { id }", ["a"] * 50_000), *INVALID)
    yield one("a list where one id should be", asked("ID!", "node(id: $v) { id }", ["a"] * 50_000), *INVALID)
    yield one("a variable in 100 levels", asked("ID!", "node(id: $v) { id }", json.loads("[" * 100 + "]" * 100)), *INVALID)
    yield one("20k unused variables", json.dumps(CLOCK | {"variables": {f"v{n}": n for n in range(15_000)}}).encode(), "DATA", *INVALID)
    yield one("a first of 1e300", asked("Int", "jobPosts(first: $v) { nodes { id } }", 1e300), *INVALID)
    yield one("a first that is no number", asked("Int", "jobPosts(first: $v) { nodes { id } }", VALUE), *INVALID)
    yield one("a variable of an unknown type", asked("Nothing", "node(id: $v) { id }", "a"), *INVALID)
    yield one("a variable of an output type", asked("Viewer", "node(id: $v) { id }", {"id": 1}), *INVALID)
    yield one("control characters", asked("ID!", "node(id: $v) { id }", "".join(map(chr, range(32))) + "\x7f\u0085\u2028"), "DATA")


def heads():
    """Requests whose head is hostile: (name, pieces, codes)."""
    body, get = json.dumps(CLOCK).encode(), quote("{ clock { now } }")

    def got(name, path, *codes, method="GET", headers=()):
        return name, [request(method, path, headers=headers)], set(codes)

    yield got("GET of a mutation", f"/graphql?query={quote(MUTATION)}", "METHOD_NOT_ALLOWED")
    yield got("GET of a hidden mutation", f"/graphql?operationName=B&query={quote('query A { clock { now } } mutation B ' + MUTATION[9:])}",
              "METHOD_NOT_ALLOWED")
    yield got("GET without a query", "/graphql", UNREAD)
    for extra in ("&variables=%00", "&variables=[", "&variables=%FF%FE", "&extensions=1", "&query=%7B", "&" + "a=b&" * 9_000, "&%zz"):
        yield got(f"GET with {extra[:16]}", f"/graphql?query={get}{extra}", "DATA", UNREAD, "GRAPHQL_PARSE_FAILED")
    yield got("GET of 60 KB", f"/graphql?query={get}{'%20' * 20_000}", "DATA", "BARE 414", "BARE 400", "BARE 431")
    yield got("an address of 1 MB", "/" + "a" * (1 << 20), "BARE 414", "BARE 400", "BARE 431", "CLOSED")
    for path in ("/../../etc/passwd", "/graphiql/../../../etc/passwd", "/graphiql/%2e%2e/%2e%2e/etc/passwd", "/graphiql/..%5c..%5c",
                 "/graphiql/%00", "/wallets/%00/history.csv", "/wallets/a%2Fb/history.csv", "//graphql//", "/graphql/", "/%ff"):
        yield got(f"address {path}", path, "BARE 400", "BARE 404", "UNAUTHENTICATED", "NOT_FOUND", "BARE 200")
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "TRACE", "BREW"):
        yield got(f"method {method}", "/graphql", "METHOD_NOT_ALLOWED", "BARE 405", method=method)
    yield got("method CONNECT", "/graphql", "METHOD_NOT_ALLOWED", "BARE 400", "CLOSED", method="CONNECT")
    gone = {"BARE 400", "BARE 431", "CLOSED", "BARE 413"}
    yield "header of 1 MB", [request(body=body, headers=[JSON, ("X-Long", "a" * (1 << 20))])], gone
    yield "header without end", _many([JSON, ("X-Long", "a")], PIECE, 512, end=False), gone
    yield "5,000 headers", [request(body=body, headers=[JSON, *((f"X-{n}", "a") for n in range(5_000))])], gone
    yield "header with a null byte", [request(body=body, headers=[JSON, ("X-Bad", "a\0b")])], gone | {"DATA"}
    yield "two lengths", [request(body=body, headers=[JSON, ("Content-Length", len(body)), ("Content-Length", 5)])], gone
    yield "a negative length", [request(body=body, headers=[JSON, ("Content-Length", -1)])], gone
    yield "a length of 2^64", [request(body=body, headers=[JSON, ("Content-Length", 1 << 64)])], gone
    both = [JSON, ("Content-Length", 4), ("Transfer-Encoding", "chunked")]
    yield "a length and chunks", [request(body=b"0\r\n\r\n", headers=both)], gone | {UNREAD}
    for size in (b"zz", b"-1", b"f" * 20, b"0" * 10_000):
        chunks = [JSON, ("Transfer-Encoding", "chunked")]
        yield f"chunk of size {size[:8].decode()}", [request(body=size + b"\r\n{}\r\n0\r\n\r\n", headers=chunks)], gone | {UNREAD}
    for name, raw in (("noise", random.Random(2).randbytes(5_000)), ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500),
                      ("HTTP/9.9", b"GET /livez HTTP/9.9\r\n\r\n"), ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")):
        yield f"head: {name}", [raw], gone | {"BARE 505", "BARE 404"}


def slow():
    """(name, pieces, pause in seconds): senders that must be hung up on, or answered, in the end."""
    head = request(body=b"", headers=[JSON, ("Content-Length", 10_000)])
    chunked = request(body=b"", headers=[JSON, ("Transfer-Encoding", "chunked")])
    yield "a silent connection", [b"P"], 0.0
    yield "a slow head", [bytes([byte]) for byte in head[:-4] + b"a" * 500], 0.5
    yield "a slow body", [head, *[b" "] * 10_000], 0.5
    yield "slow chunks", [chunked, *[b"1\r\n \r\n"] * 10_000], 0.5
    yield "half a body, then silence", [head, b" " * 5_000], 0.0


def _many(headers, piece, times, end=True):
    """A head and then the same piece over and over."""
    head = request(headers=headers)
    yield head if end else head[:-4]
    for _ in range(times):
        yield piece
