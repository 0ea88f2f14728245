"""The fastest mailbox there is: an SMTP server that takes everything and notes the time."""

from __future__ import annotations

import asyncio
import threading
import time

FOR_WORD = {
    b"EHLO": b"250-sink\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221\r\n",
}
END = b"\r\n.\r\n"


class _Session(asyncio.Protocol):
    """One connection; speaks as much SMTP as smtplib needs."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._heard, self._in_mail = sink, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while self._step():
            pass

    def _step(self) -> bool:
        """Take one line or one mail from what was heard; False if none is whole yet."""
        whole, found, rest = self._heard.partition(END if self._in_mail else b"\r\n")
        if not found:
            return False
        self._heard = rest
        if self._in_mail:
            self._in_mail = False
            self._sink.note(whole)
            self._transport.write(b"250 OK\r\n")
        else:
            word = whole[:4].upper()
            self._in_mail = word == b"DATA"
            self._transport.write(FOR_WORD.get(word, b"250 OK\r\n"))
        return True


class Sink:
    """A thread with the server; `arrived` has the moment of each mail by its reference."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.arrived: dict[str, float] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sink")

    def __enter__(self) -> Sink:
        make = self._loop.create_server(lambda: _Session(self), "127.0.0.1", self.port)
        self._server = self._loop.run_until_complete(make)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        self._loop.close()

    def note(self, mail: bytes) -> None:
        """The reference is the last word of Opora's subject."""
        subject = mail.partition(b"\nSubject: ")[2].partition(b"\r\n")[0]
        reference = subject.rpartition(b" ")[2].decode("ascii", "replace")
        self.arrived.setdefault(reference, time.time())
