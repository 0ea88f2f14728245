"""`python -m site_build` as a process of its own, without loading each time what it is made of.

A server of Python's own loads the code once, and a process branches off for each command. What
starts Python anew is `run` (`tests.support.content.project_changes`), and all that tests `make`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

from site_build.__main__ import main
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
_BRANCHES = multiprocessing.get_context("forkserver")
_BRANCHES.set_forkserver_preload([__name__])
_STREAMS = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)


def site_build(*words: str, given: str = "") -> CompletedProcess[str]:
    """The command with these words, and with `given` on its standard input."""
    with TemporaryDirectory(prefix="opora-") as folder:
        files = [Path(folder, str(number)) for number in range(len(_STREAMS))]
        files[0].write_text(given, encoding="utf-8")
        process = _BRANCHES.Process(target=_be, args=(words, files, dict(os.environ)))
        process.start()
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(words, PATIENCE)
        said = [file.read_text(encoding="utf-8") for file in files[1:]]
        return CompletedProcess(words, process.exitcode, *said)


def _be(words: Sequence[str], files: Sequence[Path], environment: Mapping[str, str]) -> None:
    """What `python -m site_build` does, where it was branched off."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, (file, flags) in enumerate(zip(files, _STREAMS, strict=True)):
        os.dup2(os.open(file, flags), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.exit(main(list(words)))
