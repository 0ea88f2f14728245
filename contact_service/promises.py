"""What a centre's pages promise of its letters, and whether the settings keep it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contact_service.settings import Settings
from site_model.centre import LettersTravel
from site_model.facts import Content

KEPT_BY: Mapping[LettersTravel, frozenset[str]] = {
    "key": frozenset({"openpgp", "smime"}),
    "password": frozenset({"openpgp", "smime", "pdf"}),
    "open": frozenset({"openpgp", "smime", "pdf", "plain"}),
}


def broken_promises(settings: Settings, content: Content) -> Iterator[str]:
    """A sentence for each recipient whose way of sealing is weaker than the site says."""
    for name in sorted(set(settings.centres) & set(content.centres)):
        promised = content.centres[name].letters
        for number, recipient in enumerate(settings.centres[name].recipients, start=1):
            if recipient.seal not in KEPT_BY[promised]:
                truth = next(way for way in KEPT_BY if recipient.seal in KEPT_BY[way])
                yield (
                    f"centres.{name}.recipients, № {number}: seal = „{recipient.seal}“ е по-слабо "
                    f"от това, което сайтът обещава (letters: {promised}). Сменете начина, или "
                    f"напишете letters: {truth} в content/centres/{name}.yml и построете сайта"
                )
