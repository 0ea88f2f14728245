"""The HTML of a form page, from the one template that the build and the service share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jinja2 import Environment
from wtforms import Form

from site_model.bound_form import CentreForm
from site_model.facts import HelpLine
from site_model.form import LEFT_OUT, TRAP
from site_model.form_versions import FORM_VERSION
from site_model.outdated import Outdated

INPUT_TYPES: Final = {"short_text": "text", "email": "email", "phone": "tel", "date": "text"}


def form_page(
    environment: Environment,
    centre_form: CentreForm,
    form: Form,
    *,
    action: str,
    home: str,
    help_lines: Mapping[str, HelpLine],
    errors: Mapping[str, str] | None = None,
    notice: str | None = None,
    step: object | None = None,
    outdated: Outdated | None = None,
) -> str:
    """The main part of the page as HTML.

    `errors` maps field ids to sentences; `notice` says that nothing can be accepted now;
    `outdated` says that the questions have changed since the page was opened;
    `step` asks for one more step before sending (`seconds`, `ticket`, `challenge`).
    `action` is where the form is sent, `home` the path on which the pages of
    the centre stand.
    """
    return environment.get_template("form_page.html").render(
        centre_form=centre_form,
        form=form,
        action=action,
        home=home,
        help_lines=help_lines,
        errors=errors or {},
        notice=notice,
        step=step,
        outdated=outdated,
        form_version_name=FORM_VERSION,
        form_version=centre_form.marks,
        trap=TRAP,
        left_out=centre_form.left_out(form),
        left_out_name=LEFT_OUT,
        input_types=INPUT_TYPES,
    )
