"""What the programs of the service share: options, one net for every error, private memory."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from contact_service.errors import ADMIN, CommandError, OwnWords, file_and_reason
from contact_service.logs import kind_and_place
from contact_service.sealing import KeyUnusableError
from contact_service.settings.service import SettingsError
from site_model.command_line import Parser
from site_model.problems import ContentError
from site_model.prompts import NoAnswerError
from site_model.terminal import plain_output, write_out
from site_model.version import version

PR_SET_DUMPABLE = 4  # prctl(2), linux/prctl.h


def new_parser(program: str, description: str) -> Parser:
    """A command line with the options that all programs of the service have."""
    parser = Parser(prog=program, description=description)
    words = "казва версията"
    parser.add_argument("--version", action="version", version=f"Опора {version()}", help=words)
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("OPORA_SETTINGS", "instance/service.toml")),
        metavar="ФАЙЛ",
        help="файлът с настройки (иначе OPORA_SETTINGS или instance/service.toml)",
    )
    return parser


def run(command: Callable[[], int], *, for_ever: bool) -> int:
    """What the program ends with: of the command, or 1 and a sentence on stderr.

    `for_ever`: whatever nobody thought of goes on to the log instead, since nobody reads along.
    """
    with plain_output():
        try:
            try:
                return _answered(command)
            finally:
                write_out()
        except Exception as error:  # whatever it is: a person typed the command
            if for_ever:
                raise
            print(f"Не стана: {_said(error)}", file=sys.stderr)
            return 1


def _said(error: Exception) -> str:
    """Kind, place and fix; never the error's own text, which may hold a secret."""
    match error:
        case OSError():
            return f"{file_and_reason(error)}."
        case UnicodeError():
            what = "дума, ред или файл не е текст в UTF-8. Запишете го наново като UTF-8"
        case _:
            what = "нещо, за което никой не е помислил"
    return f"{what} ({kind_and_place(error)}). Вижте: {ADMIN} doctor"


def _answered(command: Callable[[], int]) -> int:
    try:
        return command()
    except (SettingsError, ContentError) as error:
        print(f"Услугата не тръгва. За поправяне:\n{error}", file=sys.stderr)
    except KeyUnusableError as error:
        print(f"Ключът не може да се ползва: {error}.", file=sys.stderr)
    except (CommandError, NoAnswerError, OwnWords) as error:
        print(f"Не стана: {error}.", file=sys.stderr)
    except (KeyboardInterrupt, EOFError):
        print("\nПрекъснато.", file=sys.stderr)
        return 130
    return 1


def keep_memory_private() -> None:
    """No dump of a crashed process, and no look into a running one by others of its user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def told_to_stop() -> threading.Event:
    """Set when this process is to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
