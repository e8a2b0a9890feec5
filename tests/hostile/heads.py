"""Hostile requests below GraphQL: methods, addresses, headers, and senders that take their time."""

import json
import random
from urllib.parse import quote

from bodies import CLOCK, JSON, MUTATION, PIECE, UNREAD
from wire import many, request


def heads():
    """Requests whose head is hostile: (name, pieces, codes)."""
    body, get = json.dumps(CLOCK).encode(), quote("{ clock { now } }")

    def got(name, path, *codes, method="GET", headers=()):
        return name, [request(method, path, headers=headers)], set(codes)

    yield got("GET of a mutation", f"/graphql?query={quote(MUTATION)}", "METHOD_NOT_ALLOWED")
    yield got("GET of a hidden mutation",
              f"/graphql?operationName=B&query={quote('query A { clock { now } } mutation B ' + MUTATION[9:])}",
              "METHOD_NOT_ALLOWED")
    yield got("GET without a query", "/graphql", UNREAD)
    for extra in ("&variables=%00", "&variables=[", "&variables=%FF%FE", "&extensions=1", "&query=%7B",
                  "&" + "a=b&" * 9_000, "&%zz"):
        yield got(f"GET with {extra[:16]}", f"/graphql?query={get}{extra}", "DATA", UNREAD, "GRAPHQL_PARSE_FAILED")
    yield got("GET of 60 KB", f"/graphql?query={get}{'%20' * 20_000}", "DATA", "BARE 414", "BARE 400", "BARE 431")
    yield got("an address of 1 MB", "/" + "a" * (1 << 20), "BARE 414", "BARE 400", "BARE 431", "CLOSED")
    for path in ("/../../etc/passwd", "/graphiql/../../../etc/passwd", "/graphiql/%2e%2e/%2e%2e/etc/passwd",
                 "/graphiql/..%5c..%5c",
                 "/graphiql/%00", "/wallets/%00/history.csv", "/wallets/a%2Fb/history.csv", "//graphql//", "/graphql/",
                 "/%ff"):
        yield got(f"address {path}", path, "BARE 400", "BARE 404", "UNAUTHENTICATED", "NOT_FOUND", "BARE 200")
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "TRACE", "BREW"):
        yield got(f"method {method}", "/graphql", "METHOD_NOT_ALLOWED", "BARE 405", method=method)
    yield got("method CONNECT", "/graphql", "METHOD_NOT_ALLOWED", "BARE 400", "CLOSED", method="CONNECT")
    gone = {"BARE 400", "BARE 431", "CLOSED", "BARE 413"}
    yield "header of 1 MB", [request(body=body, headers=[JSON, ("X-Long", "a" * (1 << 20))])], gone
    yield "header without end", many([JSON, ("X-Long", "a")], PIECE, 512, end=False), gone
    yield "5,000 headers", [request(body=body, headers=[JSON, *((f"X-{n}", "a") for n in range(5_000))])], gone
    yield "header with a null byte", [request(body=body, headers=[JSON, ("X-Bad", "a\0b")])], gone | {"DATA"}
    yield "two lengths", [request(body=body, headers=[JSON, ("Content-Length", len(body)),
                                                      ("Content-Length", 5)])], gone
    yield "a negative length", [request(body=body, headers=[JSON, ("Content-Length", -1)])], gone
    yield "a length of 2^64", [request(body=body, headers=[JSON, ("Content-Length", 1 << 64)])], gone
    both = [JSON, ("Content-Length", 4), ("Transfer-Encoding", "chunked")]
    yield "a length and chunks", [request(body=b"0\r\n\r\n", headers=both)], gone | {UNREAD}
    for size in (b"zz", b"-1", b"f" * 20, b"0" * 10_000):
        chunks = [JSON, ("Transfer-Encoding", "chunked")]
        yield f"chunk of size {size[:8].decode()}", [request(body=size + b"\r\n{}\r\n0\r\n\r\n",
                                                             headers=chunks)], gone | {UNREAD}
    for name, raw in (("noise", random.Random(2).randbytes(5_000)), ("TLS", b"\x16\x03\x01\x02\0\x01\0" + b"\1" * 500),
                      ("HTTP/9.9", b"GET /livez HTTP/9.9\r\n\r\n"), ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")):
        yield f"head: {name}", [raw], gone | {"BARE 505", "BARE 404"}


def slow():
    """(name, pieces, pause in seconds): senders on whom the server must hang up in the end, or whom it must answer."""
    head = request(body=b"", headers=[JSON, ("Content-Length", 10_000)])
    chunked = request(body=b"", headers=[JSON, ("Transfer-Encoding", "chunked")])
    yield "a silent connection", [b"P"], 0.0
    yield "a slow head", [bytes([byte]) for byte in head[:-4] + b"a" * 500], 0.5
    yield "a slow body", [head, *[b" "] * 10_000], 0.5
    yield "slow chunks", [chunked, *[b"1\r\n \r\n"] * 10_000], 0.5
    yield "half a body, then silence", [head, b" " * 5_000], 0.0
