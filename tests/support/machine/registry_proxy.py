"""A proxy inside a machine's closed network, so that apt and pip there reach their registries.

The machine has only a loopback of its own. What connects to the proxy there is passed on from
outside; nothing else of the machine reaches anything, and nothing reaches the machine.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.support.machine.network import listening

MOST = 65536


@contextmanager
def registry_proxy(leader: int, port: int) -> Iterator[None]:
    """Serve on the loopback port of the machine whose first process is `leader`."""
    server = listening(leader, port)
    thread = threading.Thread(target=_accept, args=(server,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def _accept(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            threading.Thread(target=_serve, args=(client,), daemon=True).start()


def _serve(client: socket.socket) -> None:
    """Pass on one connection: CONNECT for TLS, else absolute addresses (RFC 9112, 3.2.2)."""
    with client, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(MOST)
            if not more:
                return
            head += more
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        with socket.create_connection((parts.hostname, parts.port or 80), timeout=120) as far:
            if tunnel:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                far.sendall(head)
            back = threading.Thread(target=_pipe, args=(far, client), daemon=True)
            back.start()
            _pipe(client, far)
            back.join()


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(MOST):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
