"""Accepting forms: from then on their questions change only together with their version."""

from __future__ import annotations

import yaml

from site_build.stages import Project
from site_model.facts import Content
from site_model.form_versions import accepted_now
from site_model.loader import FORM_VERSIONS, load_content

_HEAD = """\
# Кои въпроси бяха приети под коя версия. Пише се от make accept-forms, не на ръка.
# Формуляр, чиито въпроси са променени, има нужда от по-голям номер (version) в своя файл.
"""


def not_accepted(content: Content) -> list[str]:
    """Forms whose version of now has not been accepted yet, in words."""
    accepted = content.accepted_versions
    return [
        f"„{form.id}“, версия {form.version}"
        for form in content.forms.values()
        if form.id not in accepted or accepted[form.id].version != form.version
    ]


def accept_forms(project: Project) -> list[str]:
    """Write the versions of all forms; returns them in words. Raises ContentError.

    Questions that changed under an accepted version are a problem of the content, so they
    cannot be accepted by this.
    """
    content = load_content(project.content)
    now = accepted_now(content.forms.values(), content.accepted_versions)
    data = {name: vars(version) for name, version in sorted(now.items())}
    text = _HEAD + yaml.safe_dump(data, sort_keys=False)
    (project.content / FORM_VERSIONS).write_text(text, encoding="utf-8")
    return [f"„{form.id}“, версия {form.version}" for form in content.forms.values()]
