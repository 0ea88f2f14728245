"""Pure: a form's definition as the data of a paper form, with lines to write on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from site_build.paper_parts import Data, PaperParts, line, section
from site_model.bound_form import CentreForm, Question
from site_model.form import ChoiceBase, Consent, LongText, TypedText

# Handwriting is larger than letters on a screen.
MORE_LINES = 4
# Few answers are as long as they may be: a name has one line, a sentence has two.
SIGNS_IN_A_LINE = 160


def paper_form(parts: PaperParts, form: CentreForm, address: str) -> Data:
    """Every question of `form`, and where to hand it in. `address` is of the form's page."""
    t, _ = parts.t, parts.words
    definition, centre = form.definition, form.centre
    version = _("версия %(number)s") % {"number": definition.version}
    to = _("До: %(centre)s.") % {"centre": t(centre.name.text)}
    return {
        "language": parts.language,
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
        "web": parts.web(_("Същият формуляр е и на страницата:"), address),
        "questions_heading": _("Въпроси"),
        "questions": [_asked(parts, form, question) for question in form.questions],
        "footer": f"{t(definition.title)}, {version}",
        "page": _("страница %(page)s от %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }


def _hand_in(parts: PaperParts, form: CentreForm) -> Data:
    _ = parts.words
    lines = [
        line(
            _(
                "Този лист не е заключен. Дайте го на ръка в центъра и не го оставяйте там, "
                "където друг може да го прочете."
            )
        ),
        *parts.whereabouts(form.centre),
    ]
    if form.centre.phone:
        lines.append(line(_("Обадете се: %(number)s") % {"number": "{}"}, form.centre.phone))
    return section(_("Къде да дадете листа"), *lines)


def _asked(parts: PaperParts, form: CentreForm, question: Question) -> Data:
    _ = parts.words  # and no words inside an f-string: they would not be gathered
    field = question.field
    optional = "" if field.required or field.required_when else " " + _("(по желание)")
    return {
        "condition": _condition(parts, form, question),
        "label": parts.t(field.label) + optional,
        "notes": list(_notes(parts, form, question)),
        "options": list(_options(parts, question)),
        "why": _("Защо питаме: %(why)s") % {"why": parts.t(field.why)},
        "lines": _lines_to_write_on(question),
    }


def _notes(parts: PaperParts, form: CentreForm, question: Question) -> Iterator[str]:
    _ = parts.words
    field = question.field
    if field.required_when:
        yield _("Попълнете, ако по-горе отбелязахте %(answers)s.") % {
            "answers": _one_of(parts, form.named(field.required_when)[2])
        }
    if field.hint:
        yield parts.t(field.hint)
    if field.kind == "choice":
        yield _("Отбележете едно.")


def _condition(parts: PaperParts, form: CentreForm, question: Question) -> str | None:
    """Paper hides nothing: before a question stands after which answers it is asked."""
    if question.field.show_if is None:
        return None
    _ = parts.words
    number, _label, answers = form.named(question.field.show_if.condition)
    return _("Ако на въпрос %(number)s отбелязахте %(answers)s:") % {
        "number": number,
        "answers": _one_of(parts, answers),
    }


def _one_of(parts: PaperParts, labels: Iterable[str]) -> str:
    """„A“ или „B“: answers in the words of their question."""
    _ = parts.words
    quoted = (_("„%(answer)s“") % {"answer": label} for label in labels)
    return f" {_('или')} ".join(quoted)


def _options(parts: PaperParts, question: Question) -> Iterator[Data]:
    """The boxes to tick; what the page says when an answer stops the form stands beside it."""
    field = question.field
    if isinstance(field, Consent):
        yield {"label": parts.words("Да"), "stop": None}
    if not isinstance(field, ChoiceBase):
        return
    stops = {option.id: option.stop for option in field.options if option.stop}
    for key, label in question.options:
        yield {"label": label, "stop": parts.t(stops[key]) if key in stops else None}


def _lines_to_write_on(question: Question) -> int:
    field = question.field
    match field:
        case LongText():
            return field.rows + MORE_LINES
        case TypedText(kind="short_text"):
            return -(-field.max_length // SIGNS_IN_A_LINE)
        case ChoiceBase() | Consent():
            return 0
        case _:
            return 1
