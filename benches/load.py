"""A load generator: HTTP/1.1 over loopback, one request at a time per connection, bounded in count and time."""

import asyncio
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


def drive(port, plans, good, limit):
    """Sends each plan, a list of requests, over a connection of its own; every answer must contain `good`."""
    load = asyncio.run(_drive(port, plans, good, limit))
    expected = sum(map(len, plans))
    if load.bad or len(load.latencies) != expected:
        sample = load.bad[0][:300] if load.bad else b"out of time"
        raise Void(f"{len(load.latencies)} of {expected} requests were answered, {len(load.bad)} badly: {sample}")
    return load


def ask(port, request):
    """The answer to one request, as bytes."""
    answers = []
    asyncio.run(_one(port, request, answers))
    return answers[0]


async def _drive(port, plans, good, limit):
    load, loop = Load(), asyncio.get_running_loop()
    links = [await loop.create_connection(lambda: Link(good, load), "127.0.0.1", port) for _ in plans]
    begun = time.perf_counter()
    ends = [link.run(plan, begun + limit) for (_, link), plan in zip(links, plans) if plan]
    await asyncio.gather(*ends)
    load.seconds = time.perf_counter() - begun
    for transport, _ in links:
        transport.close()
    return load


async def _one(port, request, answers):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    answers.append(await reader.readexactly(_length(head)))
    writer.close()


def _length(head):
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


class Link(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is complete."""

    def __init__(self, good, load):
        self.good, self.load = good, load
        self.plan, self.buffer, self.until, self.sent, self.transport = iter(()), b"", 0, 0.0, None
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def run(self, plan, until):
        self.plan, self.until = iter(plan), until
        self._next()
        return self.done

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end + 4]
        if len(self.buffer) < len(head) + _length(head):
            return
        now = time.perf_counter()
        self.load.latencies.append(now - self.sent)
        if not head.startswith(b"HTTP/1.1 200") or self.good not in self.buffer:
            self.load.bad.append(self.buffer)
        self.buffer = b""
        self._next()

    def connection_lost(self, exc):
        if not self.done.done():
            self.done.set_result(None)

    def _next(self):
        request = next(self.plan, None)
        if request is None or time.perf_counter() > self.until:
            if not self.done.done():
                self.done.set_result(None)
            return
        self.sent = time.perf_counter()
        self.transport.write(request)
