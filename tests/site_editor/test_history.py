"""A change of facts is there whole or not at all, has a name and a day, and can be taken back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path, PurePosixPath

import pytest

from site_build.errors import BuildError
from site_build.project import Project
from site_editor.files.git import read_exactly
from site_editor.files.history import History
from site_editor.files.versions import ChangedMeanwhileError, OutsideError, OverlapsError
from tests.support.waiting import wait_for

STEPS = int(os.environ.get("OPORA_KILL_EVERY", "3"))
"""How many steps lie between one kill and the next; 1 is every step."""
A, B, NEW = map(PurePosixPath, ("centres/a.yml", "site.yml", "sources/нов.txt"))
TEXT = "".join(f"key{number}: {number}\n" for number in range(12))


@pytest.fixture(params=["git", "plain"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with two files of facts, in a Git work tree and not."""
    root = tmp_path / "site"
    for path in (A, B):
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(TEXT.encode())
    (root / ".gitignore").write_text("/instance/\n")
    if request.param == "git":
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "facts")
    return root


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def text(root: Path, path: PurePosixPath) -> str:
    return read_exactly(root / "content" / path)


def publish(root: Path, title: str, **lines: str) -> History:
    """Change keys of the first file."""
    now = text(root, A)
    new = now
    for key, value in lines.items():
        new = "".join(
            f"{key}: {value}\n" if line.startswith(f"{key}:") else line
            for line in new.splitlines(keepends=True)
        )
    history = History(Project(root))
    history.publish({A: new}, {A: now}, title, "социален работник")
    return history


def test_a_change_of_several_files_is_one_version(root: Path) -> None:
    """With its title, its day, who made it, and a file that is new; nothing else is touched."""
    history = History(Project(root))
    new = {A: "a: 1\r\n", B: "b: 2", NEW: "ред\n"}
    version = history.publish(new, {A: TEXT, B: TEXT}, "Нов\nтелефон", "директор")
    assert {path: text(root, path) for path in new} == new
    first = History(Project(root)).versions()[0]
    assert (first.id, first.title, first.by) == (version.id, "Нов телефон", "директор")
    assert sorted(first.files) == sorted(new)
    assert first.day == version.day
    assert not [file for file in (root / "content").rglob(".*")]
    assert not (root / "instance" / "editor" / "journal.json").exists()


def test_versions_stand_newest_first(root: Path) -> None:
    for number in range(3):
        publish(root, f"Промяна {number}", key1=f"n{number}")
    titles = [one.title for one in History(Project(root)).versions()]
    assert titles[:3] == ["Промяна 2", "Промяна 1", "Промяна 0"]


def test_what_changed_meanwhile_is_not_written_over(root: Path) -> None:
    """Neither a file that differs, nor one that came, nor one that went; and no file beside it."""
    history = History(Project(root))
    (root / "content" / A).write_text("ръчно: 1\n")
    with pytest.raises(ChangedMeanwhileError) as raised:
        history.publish({A: "x: 1\n", B: "y: 1\n"}, {A: TEXT, B: TEXT}, "t", "b")
    assert raised.value.paths == (A,)
    assert (text(root, A), text(root, B)) == ("ръчно: 1\n", TEXT)
    for known in ({}, {NEW: "имаше", B: TEXT}):
        with pytest.raises(ChangedMeanwhileError):
            history.publish({B: "y: 1\n", NEW: "x"}, known, "t", "b")
    assert text(root, B) == TEXT


def test_of_two_at_once_one_is_told(root: Path) -> None:
    """The other is written, and nothing of it is lost."""
    said: list[str] = []

    def write(name: str) -> None:
        try:
            History(Project(root)).publish({A: name, B: name}, {A: TEXT, B: TEXT}, name, name)
        except ChangedMeanwhileError:
            said.append("changed")
        else:
            said.append(name)

    threads = [threading.Thread(target=write, args=(f"n: {n}\n",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (written,) = [one for one in said if one != "changed"]
    assert said.count("changed") == 3
    assert text(root, A) == text(root, B) == written
    assert History(Project(root)).versions()[0].title == written.strip()


@pytest.mark.parametrize(
    "path",
    [
        "/etc/x",
        "../x.yml",
        "centres/../../x",
        "a\\b",
        "C:/x",
        "",
        ".",
        ".git/x",
        "centres",
        "out/x",
    ],
)
def test_no_path_leads_out(root: Path, path: str, tmp_path: Path) -> None:
    (root / "content" / "out").symlink_to(tmp_path)
    with pytest.raises(OutsideError):
        History(Project(root)).publish({PurePosixPath(path): "x"}, {}, "t", "b")
    there = {file.name for file in tmp_path.rglob("*") if ".git" not in file.parts}
    known = {"site", "content", "centres", "a.yml", "site.yml", "out", ".gitignore"}
    assert there == known


def test_undo_is_exact(root: Path) -> None:
    """Line ends, marks and a missing last line end come back where nothing came later."""
    odd = "\ufeffключ: 1\r\nдруг:  'x'   # бележка"
    (root / "content" / A).write_bytes(odd.encode())
    history = History(Project(root))
    version = history.publish({A: "k: 2\n", B: "x: 1\n"}, {A: odd, B: TEXT}, "t", "b")
    assert history.undo(version) == {A: odd, B: TEXT}


@pytest.mark.parametrize("later", ["nothing", "named", "changed"])
def test_text_that_a_change_began_goes_with_it(root: Path, later: str) -> None:
    """The facts that came from it are taken back, and so is it; not where other facts name it, or
    somebody wrote in it since. Taking that back brings it again.
    """
    history = History(Project(root))
    named = TEXT.replace("key1: 1", f"key1: {NEW.name}:1")
    version = history.publish({A: named, NEW: "ред\n"}, {A: TEXT}, "t", "b")
    match later:
        case "named":
            (root / "content" / B).write_text(f"source: {NEW.name}:1\n")
        case "changed":
            (root / "content" / NEW).write_text("ред\nдруг\n")
    undone = history.undo(version)
    assert undone == {A: TEXT} | ({NEW: None} if later == "nothing" else {})
    known = {path: text(root, path) for path in undone}
    back = history.publish(undone, known, "Върнато: t", "b")
    assert (root / "content" / NEW).exists() == (later != "nothing")
    if later == "nothing":
        assert history.undo(back) == {A: named, NEW: "ред\n"}


def test_an_earlier_change_is_taken_back_alone(root: Path) -> None:
    publish(root, "първа", key2="x", key9="y")
    history = publish(root, "втора", key5="z")
    second, first = history.versions()[:2]
    expected = TEXT.replace("key5: 5", "key5: z")
    texts = history.undo(first)
    assert texts == {A: expected}
    history.publish(texts, {A: text(root, A)}, "Върнато: първа", "b")
    assert history.undo(second) == {A: TEXT}
    again = history.versions()[0]
    assert history.undo(again)[A].count("key9: y") == 1


@pytest.mark.parametrize("known_to_git", ["changed", "staged", "never added"])
def test_what_was_written_by_hand_is_no_part_of_a_change(root: Path, known_to_git: str) -> None:
    """Taken back, it leaves what somebody wrote into the file before it."""
    (root / "content" / A).write_text(text(root, A).replace("key5: 5", "key5: ръчно"))
    if (root / ".git").exists() and known_to_git == "staged":
        git(root, "add", ".")
    if (root / ".git").exists() and known_to_git == "never added":
        git(root, "rm", "-q", "--cached", "-r", ".")
    history = publish(root, "Телефон", key1="нов")
    [newest, *_] = history.versions()
    assert newest.title == "Телефон"
    [(path, back)] = history.undo(newest).items()
    assert path == A
    assert back == TEXT.replace("key5: 5", "key5: ръчно")


def test_an_overlapping_change_is_not_taken_back(root: Path) -> None:
    """The sentence says which file, and what to do."""
    publish(root, "първа", key2="x")
    history = publish(root, "втора", key2="y")
    with pytest.raises(OverlapsError, match=r"centres/a\.yml"):
        history.undo(history.versions()[1])
    (root / "content" / A).unlink()
    with pytest.raises(OverlapsError):
        history.undo(history.versions()[0])


@pytest.mark.parametrize("root", ["git"], indirect=True)
def test_a_commit_holds_these_files_alone(root: Path) -> None:
    """Whatever is staged or changed beside them stays as it is, and no hook runs."""
    (root / "staged.txt").write_text("x")
    git(root, "add", "staged.txt")
    (root / "content" / B).write_text("ръчно: 1\n")
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    git(root, "config", "commit.gpgsign", "true")
    publish(root, "# Нов телефон", key1="x")
    assert git(root, "show", "--name-only", "--format=%s", "HEAD").split("\n")[:3] == [
        "# Нов телефон",
        "",
        "content/centres/a.yml",
    ]
    assert git(root, "status", "--porcelain") == " M content/site.yml\nA  staged.txt\n"


@pytest.mark.parametrize("root", ["git"], indirect=True)
def test_where_git_refuses_nothing_is_written(root: Path) -> None:
    """A lock that another Git left: each file is what it was, and the next try goes through."""
    lock = root / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(BuildError, match=r"index\.lock"):
        History(Project(root)).publish({A: "x: 1\n", NEW: "y"}, {A: TEXT}, "t", "b")
    assert text(root, A) == TEXT
    assert not (root / "content" / NEW).exists()
    lock.unlink()
    publish(root, "t", key1="x")


def test_windows_line_ends_of_git_are_taken_back(root: Path) -> None:
    """Git keeps line feeds where the work tree has CRLF."""
    (root / ".gitattributes").write_text("*.yml text eol=crlf\n")
    crlf = TEXT.replace("\n", "\r\n")
    (root / "content" / A).write_bytes(crlf.encode())
    history = History(Project(root))
    version = history.publish({A: crlf.replace("1: 1", "1: x")}, {A: crlf}, "t", "b")
    later = crlf.replace("1: 1", "1: x").replace("8: 8", "8: y")
    history.publish({A: later}, {A: text(root, A)}, "t2", "b")
    assert history.undo(version) == {A: crlf.replace("8: 8", "8: y")}


def killed_at(root: Path, step: int) -> bool:
    """Publish in a process that branches off and is killed before this step; False where it ended
    before that.
    """
    if process := os.fork():
        return bool(os.waitpid(process, 0)[1])
    left = step

    def count(event: str, _: object) -> None:
        nonlocal left
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "subprocess.Popen"):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        history = History(Project(root))
        new: dict[PurePosixPath, str] = dict.fromkeys((A, B), "n: 1\n")
        known = {path: text(root, path) for path in new}
        sys.addaudithook(count)
        history.publish(new, known, "t", "b")
        os._exit(0)
    finally:
        os._exit(1)  # what fails counts as killed, and the test never comes to its end


def test_a_killed_process_leaves_old_or_new(root: Path, tmp_path: Path) -> None:
    """Killed before each of its steps: each file is whole, and at the next start all are alike."""
    ends = []
    for step in range(0, 200, STEPS):
        copy = tmp_path / f"copy{step}"
        shutil.copytree(root, copy)
        killed = killed_at(copy, step)
        assert {text(copy, path) for path in (A, B)} <= {TEXT, "n: 1\n"}
        history = started(copy)
        found = {text(copy, path) for path in (A, B)}
        assert len(found) == 1, step
        is_new = found == {"n: 1\n"}
        assert [one.title for one in history.versions()].count("t") == is_new, step
        assert not list((copy / "content").rglob(".*.new")) or not is_new, step
        ends.append(is_new)
        if not killed:
            break
    assert ends == sorted(ends)
    assert not ends[0]
    assert ends[-1]


def started(root: Path) -> History:
    """The history after a start; a Git that a killed process began may still be running."""
    history: History = wait_for(lambda: _settled(root))
    return history


def _settled(root: Path) -> History | None:
    try:
        return History(Project(root))
    except BuildError:
        return None


def test_a_change_by_hand_after_the_kill_stays(root: Path) -> None:
    """The rest of what was cut off is taken back."""
    change = '{"title": "t", "by": "b", "when": "2026-11-29T10:00:00+00:00", "texts": %s}'
    journal = root / "instance" / "editor" / "journal.json"
    journal.parent.mkdir(parents=True)
    pairs = f'{{"{A}": ["a: 0\\n", "a: 1\\n"], "{B}": ["b: 0\\n", "b: 1\\n"]}}'
    journal.write_text(change % pairs)
    (root / "content" / A).write_text("a: 1\n")
    (root / "content" / B).write_text("ръчно\n")
    History(Project(root))
    assert (text(root, A), text(root, B)) == ("a: 0\n", "ръчно\n")
    assert not journal.exists()


def test_photographs_come_and_go_with_their_facts(root: Path) -> None:
    """In one version, to the byte; undone, each file is what it was."""
    photograph = PurePosixPath("photographs/a-staya.jpg")
    file = root / "content" / photograph
    data = bytes(range(256)) + b"\r\n\xff\xfe\x00"
    history = History(Project(root))
    brought = history.publish({A: "a: 1\n", photograph: data}, {A: TEXT}, "Снимка", "директор")
    assert file.read_bytes() == data
    known = {A: "a: 1\n", photograph: data}
    removed = history.publish({A: "a: 2\n", photograph: None}, known, "Без нея", "директор")
    assert not file.exists()
    texts = history.undo(removed)
    assert texts == {A: "a: 1\n", photograph: data}
    history.publish(texts, {A: "a: 2\n"}, "Върнато: Без нея", "директор")
    assert file.read_bytes() == data
    texts = history.undo(brought)
    assert texts == {A: TEXT, photograph: None}
    history.publish(texts, known, "Върнато: Снимка", "директор")
    assert (text(root, A), file.exists()) == (TEXT, False)
    if (root / ".git").exists():
        assert git(root, "status", "--porcelain") == ""
