"""`python -m service_admin`, on a server `opora`: what the operator does with the service."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from contact_service.errors import ADMIN
from contact_service.logs import set_up
from contact_service.program import keep_memory_private, new_parser, run, told_to_stop
from contact_service.settings.service import Settings, read_settings
from site_model.command_line import Parser
from site_model.prompts import Asker

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Parser]

RECEIPT = ("reference", "centre", "form", "time", "code")  # as the receipt shows them


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return run(lambda: _run(options), for_ever=options.command == "watch")


def _run(options: argparse.Namespace) -> int:
    if on_files := _ON_FILES.get(options.command):
        return on_files(options)
    settings = read_settings(options.settings, os.environ)
    return _ON_SETTINGS[options.command](settings, options)


# Each command imports what it needs: what one of them uses takes no memory of the others.


def _doctor(options: argparse.Namespace) -> int:
    from service_admin.doctor import doctor

    return doctor(options.settings, os.environ)


def _init(options: argparse.Namespace) -> int:
    from service_admin.init.init import init

    return init(options.settings, os.environ, options.project)


def _backup(options: argparse.Namespace) -> int:
    from service_admin.backup import commands

    return commands.backup(options.settings, os.environ, options.file, options.to)


def _restore(options: argparse.Namespace) -> int:
    from service_admin.backup import commands

    return commands.restore(
        options.settings,
        os.environ,
        options.file,
        options.identity,
        replace=options.replace,
        replace_outbox=options.replace_outbox,
    )


def _watch(settings: Settings, _options: argparse.Namespace) -> int:
    from contact_service.outbox.outbox import Outbox
    from service_admin.monitoring import http
    from service_admin.monitoring.watcher import Watch

    keep_memory_private()
    stop = told_to_stop()
    with closing(Outbox(settings.database)) as outbox:
        watch = Watch(settings, outbox)
        http.serve(settings.watch_port, watch, outbox)
        watch.for_ever(stop)
    return 0


def _outbox(settings: Settings, options: argparse.Namespace) -> int:
    from service_admin import outbox

    match options.command:
        case "status":
            return outbox.status(settings)
        case "retry":
            return outbox.retry(settings, options.reference)
        case "export":
            return outbox.export(settings, options.folder)
        case "verify":
            return outbox.verify(settings, [getattr(options, word) for word in RECEIPT])
        case _:
            return outbox.heartbeat(settings, options.wait)


def _keys(settings: Settings, options: argparse.Namespace) -> int:
    from service_admin import keys
    from service_admin.init.test_letter import try_recipients

    match options.command:
        case "keys":
            return keys.keys(settings)
        case "replace-key":
            who = options.centre, options.address
            return keys.replace_key(settings, Asker(), *who, options.file)
        case _:
            return int(not try_recipients(settings, Asker(), options.centre))


def _monthly_list(settings: Settings, options: argparse.Namespace) -> int:
    from service_admin.monthly import monthly_list

    return monthly_list(settings, options.project)


def _numbers(settings: Settings, options: argparse.Namespace) -> int:
    from service_admin.numbers import numbers

    return numbers(settings, options.year, as_csv=options.csv)


def _changeover(settings: Settings, options: argparse.Namespace) -> int:
    from contact_service.__main__ import BIND
    from service_admin import changeover

    if options.command == "addresses":
        return changeover.addresses(settings, BIND)
    return changeover.outbox_back(settings, options.version)


def _editor_secret(options: argparse.Namespace) -> int:
    from service_admin.editor import turn

    return turn(options.settings, os.environ, on=options.turned == "on")


_ON_FILES = {
    "doctor": _doctor,
    "init": _init,
    "backup": _backup,
    "restore": _restore,
    "editor-secret": _editor_secret,
}
_ON_SETTINGS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "watch": _watch,
    "monthly-list": _monthly_list,
    "numbers": _numbers,
    **dict.fromkeys(("status", "retry", "export", "verify", "heartbeat"), _outbox),
    **dict.fromkeys(("keys", "replace-key", "test-letter"), _keys),
    **dict.fromkeys(("addresses", "outbox-back"), _changeover),
}


def _parser() -> argparse.ArgumentParser:
    parser = new_parser(ADMIN, "Опора: грижата за писмата")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="КОМАНДА", title="команди"
    )
    commands.add_parser("watch", help="гледа писма, ключове и доставка; праща аларми")
    commands.add_parser("doctor", help="преглежда всичко и казва кое как се поправя")
    _add_outbox(commands)
    _add_keys(commands)
    _add_keeping(commands)
    _add_monthly_list(commands)
    commands.add_parser("addresses", help="казва къде услугите отговарят дали работят")
    back = commands.add_parser(
        "outbox-back", help="връща таблиците за по-стара версия (част от deploy/update)"
    )
    back.add_argument("version", help="номерът на таблиците, които тя знае")
    editor = commands.add_parser(
        "editor-secret", help="тайната на редактора на сървъра (част от opora editor)"
    )
    editor.add_argument("turned", choices=("on", "off"), metavar="on|off")
    return parser


def _add_outbox(commands: Commands) -> None:
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
    numbers = commands.add_parser(
        "numbers", help="казва колко писма са дошли и колко са с отговор, за годишния отчет"
    )
    numbers.add_argument("--year", type=int, metavar="ГОДИНА", help="иначе на последния цял месец")
    numbers.add_argument("--csv", action="store_true", help="таблица по месеци, за Excel")
    heartbeat = commands.add_parser("heartbeat", help="праща проба и чака да пристигне (за cron)")
    heartbeat.add_argument("--wait", type=float, default=60, metavar="SECONDS")


def _add_monthly_list(commands: Commands) -> None:
    words = "праща на пощите на всеки център какво има за вършене, веднъж в месеца (за таймер)"
    monthly = commands.add_parser("monthly-list", help=words)
    folder = "папката на сайта (иначе текущата)"
    monthly.add_argument("--project", type=Path, default=Path(), metavar="ПАПКА", help=folder)


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
