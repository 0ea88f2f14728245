"""Logs: one event a line, and never a value that came from a letter or from a network."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict

from contact_service.errors import OwnWords


def get_logger(name: str) -> Any:
    """A logger of events with values, on top of the standard logger of this name."""
    return structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def set_up() -> None:
    """Send the events of all loggers to stderr: key=value on a terminal, else JSON."""
    line: Any = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    if sys.stderr.isatty():
        line = structlog.processors.KeyValueRenderer()
    handler = logging.StreamHandler()
    handler.addFilter(_without_client)
    handler.setFormatter(ProcessorFormatter(processors=[_one_event, line]))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sys.excepthook = lambda _kind, error, _trace: _log_end(error)
    threading.excepthook = lambda end: _log_end(end.exc_value)


def kind_and_place(error: BaseException) -> str:
    """What may be said of an exception: its text and its variables may hold an answer."""
    if isinstance(error, OwnWords):
        return str(error)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    place = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__} at {place}:{trace.tb_lineno}"


@dataclass(frozen=True)
class Fault:
    """Something that fails: what may be said of the exception, and since when."""

    look: str
    said: str
    since: datetime


class Net:
    """Keeps a loop going whatever happens in one of its looks: a fault is logged and remembered.

    A fault that stays is logged once, and again when it is another one; then that it passed.
    """

    def __init__(self, log: Any) -> None:
        self._log = log
        self._faults: dict[str, Fault] = {}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What failed at its last look."""
        return tuple(self._faults.values())

    @contextmanager
    def __call__(self, look: str, now: datetime) -> Iterator[None]:
        before = self._faults.get(look)
        try:
            yield
        except Exception as error:  # whatever it is: the next look may go well
            said = kind_and_place(error)
            if before is None or before.said != said:
                self._log.error("fault", look=look, error=said)
            self._faults[look] = Fault(look, said, before.since if before else now)
        else:
            if self._faults.pop(look, None):
                self._log.info("passed", look=look)


def _one_event(_logger: object, _method: str, values: EventDict) -> EventDict:
    """Time, level and logger before the event's values; an exception as kind and place."""
    record: logging.LogRecord = values.pop("_record")
    for name in ("_from_structlog", "stack_info"):
        values.pop(name, None)
    info = values.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else sys.exception() if info is True else info
    return {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": values.pop("event"),
        **values,
        **({"error": kind_and_place(error)} if error else {}),
    }


def _without_client(record: logging.LogRecord) -> bool:
    """Cut addresses and request lines, which gunicorn puts into its warnings, out of them.

    Its sentences stay whole; of the values in them, numbers and names of signals do.
    """
    if record.name.startswith("gunicorn") and record.levelno >= logging.WARNING:
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(value if _harmless(value) else "…" for value in record.args)
        else:
            text = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
            record.msg = re.split(r" from ip=|: ", text)[0]
    return True


def _harmless(value: object) -> bool:
    return isinstance(value, int) or bool(re.fullmatch(r"SIG[A-Z0-9]+", str(value)))


def _log_end(error: BaseException | None) -> None:
    if error and not isinstance(error, KeyboardInterrupt):
        logging.getLogger("opora").critical("ended by an error", exc_info=error)
