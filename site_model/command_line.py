"""A command line in Bulgarian, where argparse has only English."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

# What argparse says by itself, each with the groups that its sentence keeps.
_SENTENCES = (
    (r"the following arguments are required: (.*)", r"липсва \1"),
    (r"unrecognized arguments: (.*)", r"не знам какво е „\1“"),
    (r"argument (\S+): expected one argument", r"след \1 трябва да има стойност"),
    (r"argument (\S+): invalid choice: '(.*?)' .*", r"няма команда „\2“"),
    (r"argument (\S+): invalid \S+ value: '(.*)'", r"\1 не може да е „\2“"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 не върви заедно с \2"),
    (r"one of the arguments (.*) is required", r"липсва едно от: \1"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)


class Parser(argparse.ArgumentParser):
    """Explains itself, and refuses what it does not know, in Bulgarian."""

    def __init__(self, **more: object) -> None:
        super().__init__(add_help=False, **more)  # type: ignore[arg-type]
        self._positionals.title = "какво се пише"
        self._optionals.title = "може още"
        self.add_argument("-h", "--help", action="help", help="показва това обяснение")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "пише се:", 1)

    def error(self, message: str) -> NoReturn:
        for english, bulgarian in _SENTENCES:
            message = re.sub(f"^{english}$", bulgarian, message)
        self.exit(2, f"{message}. Обяснение: {self.prog} --help\n")
