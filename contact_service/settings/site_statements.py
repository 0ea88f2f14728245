"""What the site says of letters, held against the operator's settings, which have the last word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contact_service.settings.service import CentreSettings, Recipient, Settings
from site_model.content import Content
from site_model.facts.centre import LettersTravel
from site_model.urls import origin_of, service_origin

KEPT_BY: Mapping[LettersTravel, frozenset[str]] = {
    "key": frozenset({"openpgp", "smime"}),
    "password": frozenset({"openpgp", "smime", "pdf"}),
}


def disagreements(settings: Settings, content: Content) -> Iterator[str]:
    """A sentence, with its fix, for whatever the content and the settings do not agree on."""
    for name in sorted(set(settings.centres) - set(content.centres)):
        yield f"център {name} няма в content/centres. Поправете centres.{name}"
    for name in sorted(set(settings.centres) & set(content.centres)):
        promised = content.centres[name].letters
        for number, recipient in enumerate(settings.centres[name].recipients, start=1):
            if not _keeps(recipient, promised):
                truth = next(way for way in KEPT_BY if _keeps(recipient, way))
                yield (
                    f"centres.{name}.recipients, № {number}: seal = „{recipient.seal}“ е по-слабо "
                    f"от това, което сайтът обещава (letters: {promised}), затова не получава "
                    f"писма. Сменете начина, или напишете letters: {truth} в "
                    f"content/centres/{name}.yml и направете сайта"
                )
    said, known = service_origin(content.site), origin_of(settings.service_origin)
    if said != known:
        where = f"на {said}" if said else "при самия сайт"
        yield (
            f"content/site.yml праща писмата {where}, а service.toml казва друго. Ако е вярно, "
            f'запишете го и там: service_origin = "{said}". Ако не е, поправете content/site.yml '
            "и направете сайта веднага: писмата отиват при друг"
        )


def reconcile(settings: Settings, content: Content) -> tuple[Settings, Content]:
    """Both as the service may use them: no recipient whose way is weaker than its pages say, no
    centre without pages, and the service where the operator says that it is.
    """
    centres = {
        name: CentreSettings(
            recipients=tuple(r for r in one.recipients if _keeps(r, content.centres[name].letters))
        )
        for name, one in settings.centres.items()
        if name in content.centres
    }
    site = content.site.model_copy(update={"service_origin": settings.service_origin})
    return settings.model_copy(update={"centres": centres}), replace(content, site=site)


def _keeps(recipient: Recipient, promised: LettersTravel) -> bool:
    return recipient.seal in KEPT_BY[promised]
