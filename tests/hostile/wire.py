"""HTTP by hand: sends requests that no client library would send, and reads their answers meanwhile."""

import json
import select
import socket
import time
from dataclasses import dataclass, field

CHUNK = 64 * 1024


@dataclass
class Answer:
    """What came back; `status` is `None` if the connection was closed without an answer."""

    status: int | None
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    closed: bool = False
    "Whether the server closed the connection, or reset it."
    sent: int = 0
    "How many bytes the server took before that."
    seconds: float = 0.0

    def json(self):
        """The body; `None` if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def request(method="POST", path="/graphql", body=b"", headers=(), host="127.0.0.1"):
    """A request's bytes, with its length unless `headers` give it."""
    given = {name.lower() for name, _ in headers}
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if "content-length" not in given and "transfer-encoding" not in given and (body or method == "POST"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def many(headers, piece, times, end=True):
    """A head and then the same piece over and over."""
    head = request(headers=headers)
    yield head if end else head[:-4]
    for _ in range(times):
        yield piece


def exchange(port, pieces, timeout, pause=0.0):
    """Sends `pieces` one after the other, `pause` seconds apart, until the answer arrives or there are no more."""
    begun, pieces = time.monotonic(), iter(pieces)
    answer, pending, received, due = Answer(None), b"", b"", begun
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.setblocking(False)
        is_over = False
        while time.monotonic() - begun < timeout:
            if not pending and not is_over and time.monotonic() >= due:
                pending = next(pieces, b"")
                is_over, due = not pending, time.monotonic() + pause
            wants = [connection] if pending else []
            readable, writable, _ = select.select([connection], wants, [], 0.05 if is_over or pause else 0.5)
            try:
                if readable:
                    got = connection.recv(1 << 20)
                    received += got
                    if not got:
                        answer.closed = True
                        break
                    if _is_whole(received):
                        break
                elif writable:
                    sent = connection.send(pending[:CHUNK])
                    answer.sent, pending = answer.sent + sent, pending[sent:]
            except (BrokenPipeError, ConnectionResetError):
                # What the server sent before it hung up may still be readable.
                received += _rest(connection)
                answer.closed = True
                break
    answer.seconds = time.monotonic() - begun
    _fill(answer, received)
    return answer


def begin(port, data):
    """A connection on which `data` was sent and whose answer nobody reads."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(data)
    return connection


def ask(port, body, token=None, timeout=60, headers=()):
    """Posts a GraphQL request, given as its JSON value or as bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = [("Content-Type", "application/json"), *headers]
    if token:
        given.append(("Authorization", f"Bearer {token}"))
    return exchange(port, [request(body=data, headers=given)], timeout)


def _rest(connection):
    rest = b""
    try:
        while got := connection.recv(1 << 20):
            rest += got
    except OSError:
        pass
    return rest


def _is_whole(received):
    """Whether an answer with a length, or one in chunks, is complete."""
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return False
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        return body.endswith(b"0\r\n\r\n")
    length = next((line for line in lower.split(b"\r\n") if line.startswith(b"content-length:")), b":0")
    return len(body) >= int(length.split(b":")[1])


def _fill(answer, received):
    head, found, answer.body = received.partition(b"\r\n\r\n")
    if not found:
        return
    first, *lines = head.decode("latin-1").split("\r\n")
    answer.status = int(first.split(" ")[1])
    answer.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
