"""A real SMTP server that misbehaves by a seed: 4xx, 5xx, silence, endless answers, cut lines."""

from __future__ import annotations

import asyncio
import logging
import random
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tools.torture.parts import ALARMS

STALL_SECONDS = 1.3  # longer than the client's timeout of 1 s
ONE_IN_REFUSED_FOR_EVER = 50

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # cut lines are meant


class _Connection(SMTP):
    """One that may greet without end, each line long before it would be late."""

    endless = False

    async def _handle_client(self) -> None:
        with suppress(OSError):  # the client hangs up
            while self.endless:
                await self.push("220-wait")
                await asyncio.sleep(STALL_SECONDS / 5)
            await super()._handle_client()


class _Controller(Controller):
    """aiosmtpd's, which by itself forgets open connections when it stops."""

    def factory(self) -> SMTP:
        connection = _Connection(self.handler, **self.SMTP_kwargs)
        connection.endless = self.handler.greets_without_end()
        self.connections.add(connection)
        return connection

    def start(self) -> None:
        self.connections: WeakSet[SMTP] = WeakSet()
        super().start()

    async def cut(self) -> None:
        """Accept nothing more, and end what stands."""
        self.server.close()
        await asyncio.sleep(0.05)  # what was accepted in this moment becomes a connection
        for connection in list(self.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)


@dataclass
class BadMailServer:
    """Keeps every mail that it took, also those whose taking the client never heard of."""

    seed: int
    port: int
    bad: bool = True
    full: bool = False  # every mailbox, for a while
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311
        self._controller: _Controller | None = None

    def open(self) -> None:
        """Listen; does nothing if it does."""
        if self._controller is None:
            controller = _Controller(self, hostname="127.0.0.1", port=self.port)
            controller.start()
            self._controller = controller

    def close(self) -> None:
        """Refuse connections and cut those that stand."""
        if self._controller is not None:
            asyncio.run_coroutine_threadsafe(self._controller.cut(), self._controller.loop).result()
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.bad and self._random.random() < 0.04:
            self.did["451 at RCPT"] += 1
            return "451 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        if ALARMS in envelope.rcpt_tos:  # no letter
            self.did["an alarm taken"] += 1
            return "250 OK"
        if refused_for_ever(envelope.content):
            self.did["550"] += 1
            self.refused.add(message_id(envelope.content))
            return "550 5.1.1 never"
        deed = self._choose() if self.bad else "taken"
        if self.bad and self.full:
            deed = "552 5.2.2"
        self.did[deed] += 1
        if deed[0] in "45":
            return f"{deed} not now"
        if deed == "silent before":
            await asyncio.sleep(STALL_SECONDS)
            return "451 not now"
        for address in envelope.rcpt_tos:
            self.taken.append((address, bytes(envelope.content)))
        if deed == "silent after taking":
            await asyncio.sleep(STALL_SECONDS)
        elif deed == "cut after taking":
            transport = server.transport
            if transport is not None:
                transport.abort()
        return "250 OK"

    def greets_without_end(self) -> bool:
        endless = self.bad and self._random.random() < 0.005
        self.did["endless greeting"] += endless
        return endless

    def _choose(self) -> str:
        deeds = {
            "taken": 80,
            "451": 5,
            "452": 3,
            "421": 4,
            "554 5.7.1": 2,
            "silent before": 1,
            "silent after taking": 1,
            "cut after taking": 6,
        }
        return self._random.choices(list(deeds), list(deeds.values()))[0]


def refused_for_ever(content: bytes) -> bool:
    """The marked share: letters that are refused with 550 at every try, by their Message-ID."""
    return zlib.crc32(message_id(content).encode()) % ONE_IN_REFUSED_FOR_EVER == 0


def message_id(content: bytes) -> str:
    return str(message_from_bytes(content[:4096])["Message-ID"])
