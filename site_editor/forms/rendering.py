"""A form's page as it will be, made by the templates of the site and the service."""

from __future__ import annotations

from site_model.availability import lacking
from site_model.content import Content
from site_model.forms.binding import centre_form
from site_model.forms.definition import FormDefinition
from site_model.forms.filled import FilledForm
from site_model.forms.html import form_page
from site_model.i18n.templates import template_environment

_QUESTION = """\
{% from "form_question.html" import one_question with context %}
{{ one_question(centre_form, field, None, {}, False) }}"""


def page_as_it_will_be(
    content: Content, form: FormDefinition, language: str, question: str = ""
) -> str:
    """The main part of the form's page, or of one question alone, as HTML.

    At the first centre that offers it; "" where none does, or where it has no facts to ask with.
    """
    centre = next((one for one in content.centres.values() if form.offered_by(one.id)), None)
    if centre is None:
        return ""
    bound = centre_form(form, centre, content.groups, language)
    environment = template_environment(language)
    if question:
        field = bound.fields.get(question)
        template = environment.from_string(_QUESTION)
        return template.render(centre_form=bound, field=field, stops=()) if field else ""
    filled = FilledForm(bound)
    return form_page(environment, filled, action="#", home="#", help_lines=content.help_lines)


def missing_texts(content: Content, form: FormDefinition) -> dict[str, int]:
    """How many texts keep the form from being offered in a language, for each it is meant for."""
    offering = [one for one in content.centres.values() if form.offered_by(one.id)]
    codes = [one.code for one in content.site.languages if form.meant_for(one.code)]
    return {
        code: len({text for one in offering for text in lacking(form, one, content, code)})
        for code in codes
    }
