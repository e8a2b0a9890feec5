"""A load generator: HTTP/1.1 over loopback, one request at a time per connection, bounded in count and time."""

import select
import socket
import time
from dataclasses import dataclass, field
from statistics import quantiles

from program import Void


@dataclass
class Load:
    """The figures of a run of requests."""

    seconds: float = 0.0
    latencies: list = field(default_factory=list)
    bad: list = field(default_factory=list)

    def percentile(self, percent):
        """A percentile of the latencies, in milliseconds."""
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1] * 1e3

    @property
    def rate(self):
        return len(self.latencies) / self.seconds


def post(port, token, body):
    """The bytes of a request."""
    head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n" \
        f"authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def get(port, path, **headers):
    """The bytes of a request without a body; an underscore in a header's name is a hyphen."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{lines}\r\n".encode()


def drive(port, plans, good, limit, has_ended=None, status=200):
    """Sends each plan, a list of requests, over a connection of its own, all or until `has_ended()`; every answer must
    have this `status` and contain `good`."""
    load = Load()
    links = [Link(port, plan) for plan in plans if plan]
    _drive(links, (b"HTTP/1.1 %d " % status, good), limit, load, has_ended or (lambda: False))
    expected = sum(link.count for link in links) if has_ended else sum(map(len, plans))
    if load.bad or len(load.latencies) != expected:
        sample = load.bad[0][:300] if load.bad else b"out of time"
        raise Void(f"{len(load.latencies)} of {expected} requests were answered, {len(load.bad)} badly: {sample}")
    return load


def ask(port, request):
    """The answer to one request, as bytes."""
    link = Link(port, [request])
    link.send()
    while (answer := link.receive()) is None:
        pass
    link.close()
    return answer.partition(b"\r\n\r\n")[2]


def _drive(links, expected, limit, load, has_ended):
    """One thread that waits for all connections: it takes as little of the processors as Python can."""
    start, good = expected
    waiting, by_number = select.epoll(), {link.fileno(): link for link in links}
    begun = time.perf_counter()
    for number, link in by_number.items():
        waiting.register(number, select.EPOLLIN)
        link.send()
    open_links, until = len(links), begun + limit
    while open_links and time.perf_counter() < until:
        for number, _ in waiting.poll(1):
            link = by_number[number]
            answer = link.receive()
            if answer is None:
                continue
            load.latencies.append(time.perf_counter() - link.sent)
            if not answer.startswith(start) or good not in answer:
                load.bad.append(answer)
            if has_ended() or not link.send():
                open_links -= 1
    load.seconds = time.perf_counter() - begun
    waiting.close()
    for link in links:
        link.close()


class Link:
    """One connection: its next request goes when the answer to the last one is complete."""

    def __init__(self, port, plan):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.plan, self.buffer, self.sent, self.count = iter(plan), b"", 0.0, 0
        self.fileno, self.close = self.socket.fileno, self.socket.close

    def send(self):
        """Sends the next request; returns whether there was one."""
        request = next(self.plan, None)
        if request is not None:
            self.count += 1
            self.sent = time.perf_counter()
            self.socket.sendall(request)
        return request is not None

    def receive(self):
        """Reads what has come; returns the answer, head and body, once it is complete."""
        read = self.socket.recv(1 << 16)
        if not read:
            raise Void(f"the server closed a connection after {self.buffer[:300]}")
        self.buffer += read
        end = self.buffer.find(b"\r\n\r\n") + 4
        if end < 4 or len(self.buffer) < end + _length(self.buffer[:end]):
            return None
        answer, self.buffer = self.buffer, b""
        return answer


def _length(head):
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])
