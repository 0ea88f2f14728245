"""Accepting forms: from then on their questions change only together with their version.

A form that was never accepted under its number is a draft. Nobody can hold old answers against new
questions before a page with them was out, so a draft changes freely under one number; anyone who
publishes accepts it first, and the build says which forms still wait for that.
"""

from __future__ import annotations

from collections.abc import Collection

import yaml

from site_build.atomic_writing import write_whole
from site_build.errors import BuildError
from site_build.locking import only_writer
from site_build.pipeline import Project
from site_model.content import Content
from site_model.forms.fingerprints import accepted_now
from site_model.loading.loader import FORM_VERSIONS, load_content

HEAD = """\
# Кои въпроси бяха приети под коя версия. Пише се от make accept-forms, не на ръка.
# Формуляр, чиито въпроси са променени, има нужда от по-голям номер (version) в своя файл.
"""


def not_accepted(content: Content) -> list[str]:
    """The drafts: forms whose version of now has not been accepted yet, in words."""
    accepted = content.accepted_versions
    return [
        f"„{form.id}“, версия {form.version}"
        for form in content.forms.values()
        if form.id not in accepted or accepted[form.id].version != form.version
    ]


def accept_forms(project: Project, names: Collection[str] = ()) -> list[str]:
    """Write the versions of the named forms, or of all; returns them in words.

    Other forms stay the drafts that they are. Raises BuildError for a name that no form has, and
    ContentError: questions that changed under an accepted version cannot be accepted by this.
    """
    content = load_content(project.content)
    if unknown := sorted(set(names) - content.forms.keys()):
        raise BuildError(
            f"няма формуляр „{'“, „'.join(unknown)}“. Има: {', '.join(sorted(content.forms))}."
        )
    chosen = [form for form in content.forms.values() if not names or form.id in names]
    now = accepted_now(chosen, content.accepted_versions)
    data = {name: vars(version) for name, version in sorted(now.items())}
    text = HEAD + yaml.safe_dump(data, sort_keys=False)
    with only_writer(project.lock, wait=True):
        write_whole(project.content / FORM_VERSIONS, text)
    return [f"„{form.id}“, версия {form.version}" for form in chosen]
