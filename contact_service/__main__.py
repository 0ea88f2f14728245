"""`python -m contact_service`: the web process and the delivery process."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing

from contact_service.logs import set_up
from contact_service.program import keep_memory_private, new_parser, run, told_to_stop
from contact_service.settings.service import read_settings

BIND = "127.0.0.1:8010"  # as in opora-web.service


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return run(lambda: _PROCESSES[options.command](options), for_ever=True)


# Each process imports what it needs: what one of them uses takes no memory of the other.


def _web(options: argparse.Namespace) -> int:
    from contact_service.web import server

    settings = read_settings(options.settings, os.environ)
    keep_memory_private()
    server.serve(settings, options.bind, options.workers)
    return 0


def _deliver(options: argparse.Namespace) -> int:
    from contact_service.delivery.worker import deliver_for_ever
    from contact_service.outbox.outbox import Outbox

    settings = read_settings(options.settings, os.environ)
    keep_memory_private()
    stop = told_to_stop()
    with closing(Outbox(settings.database)) as outbox:
        deliver_for_ever(outbox, settings.smtp, stop)
    return 0


_PROCESSES = {"web": _web, "deliver": _deliver}


def _parser() -> argparse.ArgumentParser:
    parser = new_parser("python -m contact_service", "Опора: приема писмата и ги доставя")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="КОМАНДА", title="команди"
    )
    web = commands.add_parser("web", help="приема писма от сайта")
    web.add_argument("--bind", type=_address, default=BIND, help="адрес и порт")
    web.add_argument("--workers", type=_number, default=4, help="колко заявки приема наведнъж")
    commands.add_parser("deliver", help="праща приетото, докато не бъде спрян")
    return parser


def _address(told: str) -> str:
    """Where gunicorn can listen."""
    from gunicorn.util import parse_address

    try:
        where = parse_address(told)
        if not isinstance(where, tuple) or 0 < where[1] <= 65535:
            return told
    except (RuntimeError, ValueError):
        pass
    raise argparse.ArgumentTypeError(f"„{told}“ не е адрес и порт, например {BIND}")


def _number(told: str) -> int:
    if not (told.isdecimal() and 1 <= int(told) <= 1000):
        raise argparse.ArgumentTypeError(f"„{told}“ не е число от 1 до 1000")
    return int(told)


if __name__ == "__main__":
    set_up()
    sys.exit(main())
