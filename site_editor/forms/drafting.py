"""A change of a form before it counts: what would be written, in which version, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from site_build.authoring.accept_forms import HEAD
from site_build.authoring.new_centre import try_out
from site_build.authoring.spreadsheet.changes import Change
from site_build.authoring.yaml_file import block_yaml
from site_build.project import Project
from site_editor.draft import Draft, FaultyError
from site_editor.files.git import read_exactly
from site_editor.files.splice import splice_facts
from site_editor.form_to_facts import Faults
from site_editor.forms.differences import form_changes
from site_editor.forms.fields import Fields
from site_editor.forms.limits import held_faults
from site_editor.forms.questions import KINDS, Data, answers_above, complete_form
from site_model.content import Content
from site_model.forms.definition import FormDefinition
from site_model.forms.fingerprints import AcceptedVersion, accepted_now, whole_mark
from site_model.i18n.languages import in_bulgarian
from site_model.loading.loader import FORM_VERSIONS, Kept, read_written
from site_model.loading.yaml_lines import parse_yaml
from site_model.problems import ContentError, Problem, names_known_at, sentence_for
from site_model.types import SOURCE_LANGUAGE

VERSIONS: Final = Path(FORM_VERSIONS)
_NEW_FILE: Final = "# yaml-language-server: $schema=../../schema/form.json\n"
_PLAIN: Final = {
    "„options“": "напишете отговорите или изберете откъде се вземат, едното от двете.",
    "pages, например": "изберете поне една страница или програма, която води до формуляра.",
    "menu или footer": "изберете менюто или дъното: едното стига, те са на всяка страница.",
    "(bg)": "липсва текстът на български.",
    "добавете bg": "изберете и български: там водят връзките от другите езици.",
    "условието е едно": "изберете отговори само на един въпрос.",
    "зависи от": "въпросът или отговорът, от който зависи, вече не е по-горе. Изберете отново.",
    "малки латински букви": "изберете отговори само на един въпрос.",
}
"""What a person reads here instead of sentences that speak of the words of a file."""


@dataclass(frozen=True)
class FormFile:
    """A form of the project as its file has it; one that is not there yet has no text."""

    project: Project
    content: Content
    name: str
    text: str
    data: dict[str, Any]
    kept: Kept | None = None

    @property
    def place(self) -> Path:
        return Path("forms") / f"{self.name}.yml"

    @property
    def accepted(self) -> AcceptedVersion | None:
        return self.content.accepted_versions.get(self.name)

    @property
    def definition(self) -> FormDefinition:
        return self.content.forms[self.name]

    @property
    def title(self) -> str:
        return self.definition.title.to(SOURCE_LANGUAGE)

    @property
    def is_draft(self) -> bool:
        """Whether its version of now was never accepted."""
        return not self.accepted or self.accepted.version != self.data["version"]

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        number = self.data.get("version", 1)
        return f"Издание {number}: {'чернова, още не е прието' if self.is_draft else 'прието'}"

    @property
    def languages(self) -> list[str]:
        """Those of the site, Bulgarian first."""
        codes = [one.code for one in self.content.site.languages]
        return sorted(codes, key=lambda code: code != SOURCE_LANGUAGE)

    def fields_of(self, form: Data, at: int | None) -> Fields:
        """The fields of a question of the form, or of the form itself."""
        content = self.content
        programmes = {
            one.id: f"{one.name.to(SOURCE_LANGUAGE)} ({centre.short_name.to(SOURCE_LANGUAGE)})"
            for centre in content.centres.values()
            for one in centre.programmes
        }
        answers = answers_above(form, at) if at is not None else {}
        above = {code: f"на „{one}“ е отговорено „{said}“" for code, (one, said) in answers.items()}
        names = {one.id: one.short_name.to(SOURCE_LANGUAGE) for one in content.centres.values()}
        languages = {code: in_bulgarian(code) for code in self.languages}
        kinds = {code: one.called for code, one in KINDS.items()}
        lists = {"kind": kinds, "centres": names, "languages": languages, "programmes": programmes}
        return Fields(lists | {"show_if": above, "required_when": above}, self.languages)

    def changes_to(self, after: Data) -> list[Change]:
        """What is different in a form told anew, in words."""
        found = form_changes(self.data, after, self.fields_of)
        was, will = (str(form.get("version", "")) for form in (self.data, after))
        return found if was == will else [*found, Change("Издание", was, will)]


def form_file(project: Project, content: Content, name: str, kept: Kept) -> FormFile:
    """Read a form's file anew, if it is there; raises OSError and what reading a text raises."""
    file = project.content / "forms" / f"{name}.yml"
    if name not in content.forms:
        return FormFile(project, content, name, "", {}, kept)
    data = parse_yaml(read_written(file)).data
    return FormFile(project, content, name, read_exactly(file), data, kept)


def definition_of(form: Data) -> FormDefinition:
    """The form as the model has it; raises FaultyError, with faults by the place in the form."""
    try:
        return FormDefinition.model_validate(form)
    except ValidationError as error:
        faults: Faults = {}
        for item in error.errors():
            loc = item["loc"]
            known = names_known_at(FormDefinition, loc)
            steps = (*loc[:2], *loc[3:]) if loc[0] == "fields" else loc  # the third is the kind
            sentence = sentence_for(item, known)
            steps = (*steps, "options") if "„options“" in sentence else steps
            faults.setdefault("-".join(map(str, steps)), []).append(_plainly(sentence))
        raise FaultyError(faults) from None


def _plainly(sentence: str) -> str:
    return next((plain for sign, plain in _PLAIN.items() if sign in sentence), sentence)


def with_version(form: Data, accepted: AcceptedVersion | None) -> dict[str, Any]:
    """The form under the version that its questions want; raises FaultyError."""
    definition = definition_of(form)
    if accepted is None or accepted.questions == whole_mark(definition):
        return dict(form)
    return dict(form) | {"version": max(definition.version, accepted.version + 1)}


def draft_form(file: FormFile, told: dict[str, Any], *, accept: bool) -> Draft | None:
    """The draft of a form told anew, or None where it says what its file says.

    Raises FaultyError.
    """
    after = with_version(complete_form(told), file.accepted)
    definition = definition_of(after)
    if faults := held_faults(file.name, file.data, after):
        raise FaultyError(faults)
    news: dict[Path, str] = {}
    known = {file.place: file.text} if file.text else {}
    if after != file.data:
        news[file.place] = splice_facts(file.text, after) if file.text else _new_text(after)
    changes = file.changes_to(after)
    now = accepted_now([definition], file.content.accepted_versions)
    if accept and now != dict(file.content.accepted_versions):
        changes.append(Change(f"Издание {after['version']}", "чернова", "прието"))
        before = _versions_text(file.project)
        known |= {VERSIONS: before} if before else {}
        data = {name: vars(version) for name, version in now.items()}
        news[VERSIONS] = splice_facts(before, data) if before else HEAD + block_yaml(data) + "\n"
    if not news:
        return None
    try:
        try_out(file.project.content, news, begun=True, kept=file.kept)
    except ContentError as error:
        raise FaultyError(_faults_in(error.problems, file, news)) from None
    title = f"Формуляр „{definition.title.to(SOURCE_LANGUAGE)}“"
    return Draft(title, news, known, tuple(changes), asks=False)


def _versions_text(project: Project) -> str:
    try:
        return read_exactly(project.content / VERSIONS)
    except FileNotFoundError:
        return ""


def _new_text(form: Data) -> str:
    return f"{_NEW_FILE}{block_yaml(dict(form))}\n"


def _faults_in(problems: Sequence[Problem], file: FormFile, news: Mapping[Path, str]) -> Faults:
    """Problems of the content folder by the place in the form; of another file under ""."""
    lines = parse_yaml(news.get(file.place, file.text)).lines
    found: Faults = {}
    for problem in problems:
        own = problem.file.endswith(file.place.as_posix())
        name = "-".join(map(str, lines.place_of(problem.line))) if own else ""
        sentence = _plainly(problem.sentence) if own else str(problem)
        found.setdefault(name, []).append(sentence)
    return found


def version_words(file: FormFile, form: Data) -> tuple[bool, list[str]]:
    """Whether the questions wait to be accepted, and what a change means for their version.

    Raises FaultyError.
    """
    after = with_version(complete_form(dict(form)), file.accepted)
    number, accepted = after["version"], file.accepted
    if accepted and accepted.questions == whole_mark(definition_of(after)):
        return False, [f"Въпросите остават същите, затова остава и изданието: {number}."]
    if accepted is None or number == file.data.get("version"):
        return True, [
            f"Това е чернова на издание {number}: въпросите се сменят свободно, докато не ги "
            "приемете."
        ]
    return True, [
        f"Въпросите стават други, затова формулярът става издание {number}. То е чернова, докато "
        "не приемете въпросите.",
        "Който е отворил страницата преди това, ще види кои въпроси са нови или променени и ще "
        "изпрати още веднъж. Написаното се пази, а избраното под променен въпрос се избира пак.",
    ]
