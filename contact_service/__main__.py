"""`python -m contact_service`: the web process, the delivery process, the operator's commands."""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from contact_service.errors import CommandError
from contact_service.logs import set_up
from contact_service.sealing.mail import KeyUnusableError
from contact_service.settings import Settings, SettingsError, read_settings
from contact_service.watching.alarms import COMMAND
from site_model.asking import Asker, NoAnswerError
from site_model.interface import version
from site_model.problems import ContentError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

RECEIPT = ("reference", "centre", "form", "time", "code")  # as the receipt shows them


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "doctor":
        from contact_service.doctor import doctor

        return doctor(options.settings, os.environ)
    try:
        if options.command in ("init", "backup", "restore"):
            return _keeping(options)
        settings = read_settings(options.settings, os.environ)
        return _PROCESSES.get(options.command, _operator)(settings, options)
    except (SettingsError, ContentError) as error:
        print(f"Услугата не тръгва. За поправяне:\n{error}", file=sys.stderr)
    except KeyUnusableError as error:
        print(f"Ключът не може да се ползва: {error}.", file=sys.stderr)
    except (CommandError, NoAnswerError) as error:
        print(f"Не стана: {error}.", file=sys.stderr)
    except (KeyboardInterrupt, EOFError):
        print("\nПрекъснато.", file=sys.stderr)
        return 130
    except SQLAlchemyError as error:
        kind = type(error).__name__
        print(f"Базата не отговаря ({kind}). Вижте: {COMMAND} doctor", file=sys.stderr)
    return 1


# Each command imports what it needs: what one of them uses takes no memory of the others.


def _web(settings: Settings, options: argparse.Namespace) -> int:
    from contact_service import web_server

    _no_core_dumps()
    web_server.serve(settings, options.bind, options.workers)
    return 0


def _deliver(settings: Settings, _options: argparse.Namespace) -> int:
    from contact_service.delivery import deliver_for_ever
    from contact_service.outbox import Outbox
    from contact_service.watching import port
    from contact_service.watching.watch import Watch

    _no_core_dumps()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    outbox = Outbox(settings.database)
    watch = Watch(settings, outbox)
    port.serve(settings.watch_port, watch, outbox)
    threading.Thread(target=watch.for_ever, args=(stop,), daemon=True).start()
    deliver_for_ever(outbox, settings.smtp, stop, settings.at_rest_identity)
    return 0


def _keeping(options: argparse.Namespace) -> int:
    try:
        if options.command == "init":
            from contact_service.setup.init import init

            return init(options.settings, os.environ, options.project)
        from contact_service.backup import commands

        if options.command == "backup":
            return commands.backup(options.settings, os.environ, options.file, options.to)
        return commands.restore(
            options.settings,
            os.environ,
            options.file,
            options.identity,
            replace=options.replace,
            replace_outbox=options.replace_outbox,
        )
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None


def _operator(settings: Settings, options: argparse.Namespace) -> int:
    from contact_service import operator

    match options.command:
        case "status":
            return operator.status(settings)
        case "retry":
            return operator.retry(settings, options.reference)
        case "export":
            return operator.export(settings, options.folder)
        case "verify":
            return operator.verify(settings, [getattr(options, word) for word in RECEIPT])
        case _:
            return operator.heartbeat(settings, options.wait)


def _on_keys(settings: Settings, options: argparse.Namespace) -> int:
    from contact_service import key_commands
    from contact_service.setup.trial import try_recipients

    match options.command:
        case "keys":
            return key_commands.keys(settings)
        case "replace-key":
            who = options.centre, options.address
            return key_commands.replace_key(settings, Asker(), *who, options.file)
        case _:
            return int(not try_recipients(settings, Asker(), options.centre))


def _no_core_dumps() -> None:
    """A dump of a crashed process would hold the letters in its memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


_PROCESSES = {
    "web": _web,
    "deliver": _deliver,
    "keys": _on_keys,
    "replace-key": _on_keys,
    "test-letter": _on_keys,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=COMMAND, description="Опора: писмата и грижата за тях")
    words = "казва версията"
    parser.add_argument("--version", action="version", version=f"Опора {version()}", help=words)
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("OPORA_SETTINGS", "instance/service.toml")),
        metavar="FILE",
        help="файлът с настройки (иначе OPORA_SETTINGS или instance/service.toml)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    web = commands.add_parser("web", help="приема писма от сайта")
    web.add_argument("--bind", default="127.0.0.1:8010", help="адрес и порт")
    web.add_argument("--workers", type=int, default=2, help="брой процеси")
    commands.add_parser("deliver", help="праща приетото, докато не бъде спрян")
    commands.add_parser("doctor", help="преглежда всичко и казва кое как се поправя")
    commands.add_parser("status", help="казва какво чака и какво не може да се достави")
    retry = commands.add_parser("retry", help="пуска недоставимите отново, а чакащите – веднага")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("reference", nargs="?", help="номерът от разписката")
    which.add_argument("--all", action="store_true", help="всички")
    export = commands.add_parser(
        "export", help="изнася недоставимите като .eml за предаване на ръка"
    )
    export.add_argument("folder", type=Path)
    verify = commands.add_parser("verify", help="казва дали разписка е издадена от нас")
    for word in RECEIPT:
        verify.add_argument(word)
    heartbeat = commands.add_parser("heartbeat", help="праща проба и чака да пристигне (за cron)")
    heartbeat.add_argument("--wait", type=float, default=60, metavar="SECONDS")
    _add_keys(commands)
    _add_keeping(commands)
    return parser


def _add_keys(commands: Commands) -> None:
    init = commands.add_parser(
        "init",
        help="пита, записва настройки и тайни, и проверява с пробно писмо; може да се повтори",
        description="Без терминал отговорите се четат от стандартния вход, по един на ред.",
    )
    init.add_argument(
        "--project",
        type=Path,
        default=Path("/srv/opora") if Path("/srv/opora/content").is_dir() else Path(),
        metavar="FOLDER",
        help="папката на сайта, с content и site (иначе /srv/opora или текущата)",
    )
    commands.add_parser("keys", help="кой получател с какъв ключ е, докога и какво го чака")
    change = commands.add_parser("replace-key", help="слага нов ключ, сертификат или парола")
    change.add_argument("centre", help="кодът на центъра, например harmanli")
    change.add_argument("address", help="адресът на получателя")
    change.add_argument("file", type=Path, nargs="?", help="новият ключ; парола се пита")
    trial = commands.add_parser(
        "test-letter", help="праща заключено пробно писмо и пита за кода в него"
    )
    trial.add_argument("centre", nargs="?", help="само до този център")


def _add_keeping(commands: Commands) -> None:
    backup = commands.add_parser(
        "backup", help="прави заключено копие на настройки, ключове, тайни и писма"
    )
    backup.add_argument("file", type=Path, help="къде, например /root/opora.age")
    backup.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="age1…",
        help="публичен ключ на age (може няколко пъти); иначе се пита за парола",
    )
    restore = commands.add_parser("restore", help="връща всичко от копие; първо го проверява")
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--identity", type=Path, metavar="FILE", help="тайният ключ на age; иначе се пита за парола"
    )
    restore.add_argument(
        "--replace", action="store_true", help="сменя настройки, ключове и тайни, които са други"
    )
    restore.add_argument(
        "--replace-outbox",
        action="store_true",
        help="сменя и база с писма; сегашната се пази до новата",
    )


if __name__ == "__main__":
    set_up()
    sys.exit(main())
