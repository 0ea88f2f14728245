"""The HTML of a form page, from the one template that the build and the service share."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jinja2 import Environment

from site_model.facts.shared import HelpLine
from site_model.forms.definition import FOLLOW_UP, LEFT_OUT, TRAP, TRAP_TOLD
from site_model.forms.filled import FilledForm
from site_model.forms.fingerprints import FORM_VERSION


def form_page(
    environment: Environment,
    filled: FilledForm,
    *,
    action: str,
    home: str,
    help_lines: Mapping[str, HelpLine],
    errors: Mapping[str, str] | None = None,
    call: bool = False,
    stops: Collection[str] = (),
    notice: str | None = None,
    step: object | None = None,
    ticket: str = "",
) -> str:
    """The main part of the page as HTML.

    `errors` maps field ids to sentences, „“ standing for the letter as a whole; `call` puts
    telephones beside them; `stops` are those that are no mistakes: an answer keeps the letter
    back, and where its words name the emergency number, that comes first;
    `notice` says that nothing can be accepted now;
    `step` asks for one more step before sending (`time(language)`, `early`),
    `ticket` comes back with the form.
    `action` is where the form is sent, `home` the path on which the pages of
    the centre stand.
    """
    return environment.get_template("form_page.html").render(
        centre_form=filled.form,
        data=filled.data,
        action=action,
        home=home,
        help_lines=help_lines,
        errors=errors or {},
        call=call,
        stops=stops,
        notice=notice,
        step=step,
        outdated=filled.outdated,
        ticket=ticket,
        form_version_name=FORM_VERSION,
        form_version=filled.form.marks,
        trap=TRAP,
        trap_told=TRAP_TOLD,
        left_out=filled.unasked_answers,
        left_out_name=LEFT_OUT,
        follow_up_name=FOLLOW_UP,
    )
