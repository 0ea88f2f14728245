"""A cheap load generator: processes with raw sockets, one connection for each letter."""

from __future__ import annotations

import multiprocessing
import socket
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

CLIENTS = 8
MARK = b"NNNNNNNNNNNN"  # replaced in each letter, so that no two are the same


@dataclass(frozen=True)
class Load:
    """What came of some seconds of load; times in seconds."""

    seconds: float
    times: Sequence[float]
    refused: int

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, percent: int) -> float:
        return statistics.quantiles(self.times, n=100)[percent - 1]


def press(port: int, path: str, body: bytes, seconds: float, rate: float | None = None) -> Load:
    """Send from CLIENTS processes, as fast as answers come or `rate` letters a second in all.

    With a rate, each time counts from when the letter was due, so that a queue is not hidden.
    """
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    pause = CLIENTS / rate if rate else 0.0
    start = time.time() + 0.5
    work = partial(_client, port, head.encode() + body, (start, start + seconds), pause)
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        results = pool.map(work, range(CLIENTS), chunksize=1)
    times = [spent for client, _ in results for spent in client]
    return Load(seconds, times, sum(refused for _, refused in results))


def _client(
    port: int, request: bytes, span: tuple[float, float], pause: float, number: int
) -> tuple[list[float], int]:
    before, _, after = request.partition(MARK)
    start, end = span
    series = int(start * 1000) % 10**6
    times: list[float] = []
    refused = count = 0
    due = start + pause * number / CLIENTS
    while due < end:
        time.sleep(max(0.0, due - time.time()))
        count += 1
        unique = b"%06d%06d" % (series, (number * 100_000 + count) % 10**6)
        begun = due if pause else time.time()
        status = _send(port, before + unique + after)
        if status == b"303":
            times.append(time.time() - begun)
        else:
            refused += 1
        due = due + pause if pause else time.time()
    return times, refused


def _send(port: int, request: bytes) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(request)
            answer = first = connection.recv(65536)
            while answer:
                answer = connection.recv(65536)
    except OSError:
        return b""
    return first[9:12]
