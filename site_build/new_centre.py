"""`python -m site_build new-centre`: facts from answers, written as a commented YAML file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from site_build.centre_file import centre_yaml
from site_build.errors import BuildError
from site_build.questions import asked_facts
from site_model.asking import Asker, NoAnswerError
from site_model.centre import Centre
from site_model.completion import Data, SaidText, centre_id, completed
from site_model.facts import Catalogues


def ask_centre(centres: Path, catalogues: Catalogues, given: Iterable[str] = ()) -> Data:
    """The facts of a centre as a person or a script tells them; `centres` has those there are."""
    asker = Asker(given)
    facts = asked_facts(asker, catalogues, lambda name: (centres / f"{name}.yml").exists())
    if unused := asker.unused():
        raise NoAnswerError(f"няма въпрос с име „{'“, „'.join(unused)}“.")
    return facts


def finished_centre(content: Path, facts: Data, today: date) -> tuple[Centre, SaidText]:
    """The facts as a centre, and the text that those rest on which name no source.

    Raises ValidationError.
    """
    name = centre_id(facts)
    said = SaidText(_free_name(content / "sources", name, today))
    said.add(f"Отговори на центъра, записани на {today}.")
    return Centre.model_validate(completed(facts, str(today), said)), said


def _free_name(sources: Path, name: str, today: date) -> str:
    """A file of its own: what facts rest on is never written over."""
    names = (f"{name}.txt", f"{name}-{today}.txt")
    more = (f"{name}-{today}-{number}.txt" for number in range(2, 1000))
    return next(one for one in (*names, *more) if not (sources / one).exists())


def write_centre(content: Path, centre: Centre, said: SaidText, *, replace: bool = False) -> Path:
    """Write the centre's file and its text; both or none. Returns the file.

    Raises BuildError where there is such a centre already, unless it is to be replaced.
    """
    file = content / "centres" / f"{centre.id}.yml"
    if file.exists() and not replace:
        raise BuildError(
            f"content/centres/{file.name} вече има. Изберете друг код "
            "или кажете --replace, за да го смените с новия."
        )
    text = content / "sources" / said.file
    news = {file: centre_yaml(centre)}
    if len(said.lines) > 1:
        news[text] = said.text
    for path, words in news.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _beside(path).write_text(words, encoding="utf-8")
    for path in reversed(news):  # the text first: facts never name one that is not there
        _beside(path).replace(path)
    return file


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")
