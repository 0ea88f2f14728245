"""Pure: settings as commented TOML. What an operator wrote into the file by hand stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import Table

TEMPLATE = Path(__file__).with_name("service.toml").read_text(encoding="utf-8")


def settings_toml(before: str | None, values: Mapping[str, Any]) -> str:
    """The previous file (None: the commented template) with these settings and no others."""
    text = before or TEMPLATE
    for name in (*values, *values.get("smtp", {})):  # a setting takes its commented place
        if not re.search(rf"^{name} *=", text, re.MULTILINE):
            text = re.sub(rf"^# {name} = .*$", f'{name} = ""', text, count=1, flags=re.MULTILINE)
    document = tomlkit.parse(text)
    _bring_up(document, values)
    return tomlkit.dumps(document)


def _bring_up(table: Container | Table, values: Mapping[str, Any]) -> None:
    for name in [name for name in table if name not in values]:
        table.remove(name)
    for name, value in values.items():
        here = table.get(name)
        if here == value:
            continue
        if name == "smtp" and isinstance(here, Table):
            _bring_up(here, value)
        elif name == "centres":
            table[name] = _centres(value)
        else:
            table[name] = value


def _centres(values: Mapping[str, Any]) -> Table:
    """`[[centres.name.recipients]]`, without headings for what holds only tables."""
    centres = tomlkit.table(is_super_table=True)
    for name, centre in values.items():
        of_centre = tomlkit.table(is_super_table=True)
        recipients = tomlkit.aot()
        for recipient in centre["recipients"]:
            recipients.append(tomlkit.item(recipient))
        of_centre["recipients"] = recipients
        for other in centre.keys() - {"recipients"}:
            of_centre[other] = centre[other]
        centres[name] = of_centre
    return centres
