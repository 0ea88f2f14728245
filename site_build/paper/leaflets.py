"""Pure: the facts of a centre or of a service as the data of a leaflet, or of a wall card."""

from __future__ import annotations

from site_build.paper.parts import Data, PaperParts, line, number, section
from site_build.wording.hours import hours_lines
from site_model.facts.centre import Centre
from site_model.facts.services import Service
from site_model.facts.shared import LawNote, groups_of
from site_model.i18n.punctuation import join_list, quote


def centre_leaflet(parts: PaperParts, centre: Centre, address: str) -> Data:
    """For families: with what, for whom, how and where. `address` is of the centre's page."""
    t, _ = parts.t, parts.words
    groups = groups_of(centre, parts.edition.content.groups)
    ask = [line(_("Още не е посочено. Попитайте центъра."))]
    programmes = [quote(t(programme.name), _) for programme in centre.programmes]
    offers = section(
        _("С какво помагаме"),
        *(
            [line(_("Програми: %(names)s.") % {"names": join_list(programmes, _)})]
            if programmes
            else []
        ),
        *([] if centre.services or programmes else ask),
        items=[t(service.name) for service in centre.services],
    )
    for_whom = section(
        _("На кого помагаме"),
        *([] if centre.target_groups else ask),
        items=[t(group.plain) for group in groups.values()],
    )
    return _frame(parts, centre, address, centre.checked_on) | {
        "title": t(centre.name.text),
        "heading": t(centre.name.text),
        "lead": [line(t(centre.summary.text))],
        "call_first": True,
        "columns": _two_columns(
            offers, for_whom, _how(parts), _where(parts, centre), _when(parts, centre)
        ),
    }


def wall_card(parts: PaperParts, centre: Centre, address: str) -> Data:
    """For the wall where families wait: the centre, every help line, and the code of its pages.

    `address` is where the centre's pages begin.
    """
    t, _ = parts.t, parts.words
    title = _("Карта за стената")
    others = [
        one
        for id, one in parts.edition.content.help_lines.items()
        if id not in ("emergency", "child_line")
    ]
    return _frame(parts, centre, address, centre.checked_on) | {
        "title": f"{title} – {t(centre.short_name)}",
        "heading": t(centre.name.text),
        "others": section(_("Още телефони за помощ"), *map(parts.help_line, others)),
    }


def _two_columns(*sections: Data) -> tuple[list[Data], list[Data]]:
    """Each section goes to the column that holds less so far, so that both end together."""
    columns: tuple[list[Data], list[Data]] = ([], [])
    for each in sections:
        min(columns, key=lambda column: len(str(column))).append(each)
    return columns


def service_leaflet(parts: PaperParts, centre: Centre, service: Service, address: str) -> Data:
    """The sheet of a service in the order of its page. `address` is of that page."""
    t, _ = parts.t, parts.words
    ask = _("Още не е посочено. Попитайте центъра.")
    served = groups_of(centre, parts.edition.content.groups)
    groups = [t(served[group].plain) for group in service.groups]
    name = t(service.name)
    return _frame(parts, centre, address, service.checked_on) | {
        "title": f"{name} – {t(centre.short_name)}",
        "heading": name,
        "lead": [line(t(centre.name.text))],
        "call_first": False,
        "columns": [
            [
                section(_("За кого"), *([] if groups else [line(ask)]), items=groups),
                section(_("Какво е"), line(t(service.description))),
                _how(
                    parts,
                    line(
                        t(service.access)
                        if service.access
                        else _(
                            "Центърът още не е посочил дали за тази услуга е нужна "
                            "предварителна оценка. Попитайте го."
                        )
                    ),
                ),
                _fee(parts, centre),
                section(
                    _("Документи"),
                    parts.fact_or_gap(
                        centre.documents,
                        _(
                            "Центърът още не е посочил какви документи са нужни. "
                            "Попитайте, преди да дойдете."
                        ),
                    ),
                ),
                section(_("Къде"), line(t(service.where) if service.where else ask)),
            ]
        ],
    }


def _frame(parts: PaperParts, centre: Centre, address: str, checked: str) -> Data:
    """What stands on every leaflet; `checked` is when its facts were held against their source."""
    _ = parts.words
    return {
        "language": parts.edition.language,
        "call": _call(parts, centre),
        "danger": _danger_and_limits(parts),
        "web": parts.web(
            _("Повече пише на страницата:"),
            address,
            _("Проверено по текста на центъра: %(date)s") % {"date": parts.date(checked)},
        ),
    }


def _call(parts: PaperParts, centre: Centre) -> Data:
    _ = parts.words
    lines = []
    if not centre.phone:
        lines.append(
            line(
                _(
                    "Центърът още не е посочил телефон. "
                    "Може да му пишете от страницата на този лист."
                )
                if parts.edition.site.takes_letters
                else _("Центърът още не е посочил телефон.")
            )
        )
    if centre.email:
        email = _("Имейл: %(address)s. Не е заключен: не пишете в него лични неща.")
        lines.append(line(email % {"address": centre.email.address}))
    return {
        "heading": _("Обадете се в центъра") if centre.phone else _("Връзка с центъра"),
        "phones": [number(phone) for phone in centre.phones],
        "lines": lines,
    }


def _danger_and_limits(parts: PaperParts) -> Data:
    """The help lines, and both limits of secrecy: a child without an adult, and one in need."""
    danger = parts.danger()
    alone = parts.words(
        "Ако си дете и търсиш помощ без възрастен, центърът е длъжен по закон веднага да каже "
        "на дирекция „Социално подпомагане“ и на родителите или настойника ти."
    )
    in_need = parts.words(
        "Ако се разбере, че дете се нуждае от закрила, центърът е длъжен по закон да уведоми "
        "службите за закрила."
    )
    return danger | {"lines": [*danger["lines"], line(alone), line(in_need)]}


def _how(parts: PaperParts, *more: Data) -> Data:
    law = parts.edition.content.law
    notes = (law["open_access"], law["specialised"])
    return section(
        parts.words("Как да получите подкрепа"), *(_law_says(parts, note) for note in notes), *more
    )


def _law_says(parts: PaperParts, note: LawNote) -> Data:
    basis = parts.words("(%(basis)s; проверено: %(date)s)") % {
        "basis": parts.t(note.basis),
        "date": parts.date(note.checked_on),
    }
    return line(f"{parts.t(note.text)} {basis}")


def _where(parts: PaperParts, centre: Centre) -> Data:
    return section(parts.words("Къде сме"), *parts.whereabouts(centre))


def _when(parts: PaperParts, centre: Centre) -> Data:
    _ = parts.words
    hours = centre.opening_hours
    if hours is None:
        return section(
            _("Работно време"), line(_("Още не е посочено. Попитайте, преди да дойдете."))
        )
    rules = hours_lines(hours.rules, parts.edition.language, _)
    said = [line(rule.sentence(_)) for rule in rules]
    return section(_("Работно време"), *said, *([line(parts.t(hours.text))] if hours.text else []))


def _fee(parts: PaperParts, centre: Centre) -> Data:
    _ = parts.words
    gap = _("Центърът още не е посочил дали има такса. Попитайте, преди да дойдете.")
    return section(_("Такса"), parts.fact_or_gap(centre.fee, gap))
