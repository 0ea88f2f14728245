"""What `doctor` sees."""

from __future__ import annotations

from datetime import UTC, datetime

from service_admin.doctor import Check, checks
from tests.support.service.service_parts import SECRET, Instance


def look(instance: Instance, toml: str | None = None, **environment: str) -> list[Check]:
    file = instance.folder / "service.toml"
    file.write_text(instance.in_earnest(toml), encoding="utf-8")
    file.chmod(0o640)
    return list(checks(file, {"OPORA_SECRET": SECRET, **environment}, datetime.now(UTC)))


def sentences(found: list[Check], name: str) -> list[str]:
    """What all looks of a name say."""
    return [one.sentence for one in found if one.name == name]


def not_ok(found: list[Check]) -> list[tuple[str, str]]:
    return [(check.state, check.name) for check in found if check.state != "ok"]
