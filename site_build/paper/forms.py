"""Pure: a form's definition as the data of a paper form, with lines to write on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from site_build.paper.parts import Data, PaperParts, line, section
from site_model.forms.binding import CentreForm
from site_model.forms.kinds import FormField
from site_model.i18n.punctuation import join_list, quote


def paper_form(parts: PaperParts, form: CentreForm, address: str) -> Data:
    """Every question of `form`, and where to hand it in. `address` is of the form's page."""
    t, _ = parts.t, parts.words
    definition, centre = form.definition, form.centre
    version = _("версия %(number)s") % {"number": definition.version}
    to = _("До: %(centre)s.") % {"centre": t(centre.name.text)}
    return {
        "language": parts.edition.language,
        "title": f"{t(definition.title)} – {t(centre.short_name)}",
        "lead": [t(definition.audience) + ". " + to],
        "danger": parts.danger(),
        "before": section(
            _("Преди да пишете"),
            items=[
                _("Листа четат хората, които работят в центъра."),
                *(t(text) for text in definition.before),
                _("Където пише „(по желание)“, може да оставите празно."),
            ],
        ),
        "hand_in": _hand_in(parts, form),
        "web": parts.web(
            _("Същият формуляр е и на страницата:")
            if parts.edition.site.takes_letters
            else _("Листът за отпечатване е на страницата:"),
            address,
        ),
        "questions_heading": _("Въпроси"),
        "questions": [_asked(parts, form, field) for field in form.fields.values()],
        "footer": join_list((t(definition.title), version), _),
        "page": _("страница %(page)s от %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }


def _hand_in(parts: PaperParts, form: CentreForm) -> Data:
    _ = parts.words
    lines = [
        line(
            _(
                "Този лист не е заключен. Дайте го лично на човек от центъра и не го оставяйте "
                "там, където друг може да го прочете."
            )
        ),
        *parts.whereabouts(form.centre),
    ]
    if form.centre.phone:
        lines.append(line(_("Обадете се: %(number)s") % {"number": "{}"}, form.centre.phone))
    return section(_("Къде да дадете листа"), *lines)


def _asked(parts: PaperParts, form: CentreForm, field: FormField) -> Data:
    _ = parts.words  # and no words inside an f-string: they would not be gathered
    paper = field.on_paper(parts.t, _)
    optional = "" if field.required or field.required_when else " " + _("(по желание)")
    return {
        "condition": _condition(parts, form, field),
        "label": parts.t(field.label) + optional,
        "notes": [*_notes(parts, form, field), *filter(None, [paper.note])],
        "options": [{"label": label, "stop": stop} for label, stop in paper.boxes],
        "why": _("Защо питаме: %(why)s") % {"why": parts.t(field.why)},
        "lines": paper.lines,
    }


def _notes(parts: PaperParts, form: CentreForm, field: FormField) -> Iterator[str]:
    _ = parts.words
    if field.required_when:
        yield _("Попълнете, ако по-горе отбелязахте %(answers)s.") % {
            "answers": _one_of(parts, form.describe(field.required_when)[2])
        }
    if field.hint:
        yield parts.t(field.hint)


def _condition(parts: PaperParts, form: CentreForm, field: FormField) -> str | None:
    """Paper hides nothing: before a question stands after which answers it is asked."""
    if field.show_if is None:
        return None
    _ = parts.words
    number, _label, answers = form.describe(field.show_if.condition)
    return _("Ако на въпрос %(number)s отбелязахте %(answers)s:") % {
        "number": number,
        "answers": _one_of(parts, answers),
    }


def _one_of(parts: PaperParts, labels: Iterable[str]) -> str:
    """„A“ или „B“: answers in the words of their question."""
    _ = parts.words
    return f" {_('или')} ".join(quote(label, _) for label in labels)
