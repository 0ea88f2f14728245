"""`make mutants`: would the tests notice? Faults are put into a copy of the tree, one at a time.

First those of `mutants.yml`, each against its own tests; then a seeded sample of cosmic-ray's,
over the modules of `TESTS_OF`. One that lives needs a `reason` there, or the command fails.
Nothing here changes the tree.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[2]
TESTS_OF = {
    "contact_service/delivery/worker.py": "contact_service/delivery/test_worker.py",
    "contact_service/web/extra_step.py": "contact_service/web/test_extra_step.py",
    "contact_service/web/form_body.py": "contact_service/web/test_form_body.py",
    "contact_service/web/guard.py": "contact_service/web/test_guard.py",
    "contact_service/intake.py": "contact_service/web/test_views.py",
    "contact_service/keys.py": ("service_admin/test_keys.py contact_service/web/test_views.py"),
    "contact_service/delivery/replies.py": (
        "contact_service/delivery/test_replies.py contact_service/delivery/test_smtp.py"
    ),
    "contact_service/settings/mail_names.py": "contact_service/settings/test_mail_names.py",
    "contact_service/delivery/smtp.py": (
        "contact_service/delivery/test_smtp.py contact_service/delivery/test_worker.py"
    ),
    "contact_service/web/networks.py": (
        "contact_service/web/test_networks.py contact_service/web/test_extra_step.py"
    ),
    "contact_service/outbox/errors.py": "contact_service/outbox/test_errors.py",
    "contact_service/outbox/outbox.py": (
        "contact_service/outbox/test_outbox.py contact_service/delivery/test_worker.py"
    ),
    "contact_service/web/receipts.py": "contact_service/web/test_receipts.py",
    "contact_service/recipients.py": "contact_service/sealing/test_recipients.py",
    "contact_service/reference_numbers.py": "contact_service/test_references.py",
    "contact_service/retries.py": (
        "contact_service/delivery/test_retries.py contact_service/delivery/test_worker.py"
    ),
    "contact_service/sealing/message.py": "contact_service/sealing/test_openpgp.py",
    "contact_service/sealing/openpgp.py": (
        "contact_service/sealing/test_openpgp.py contact_service/sealing/test_recipients.py"
    ),
    "contact_service/sealing/packets.py": (
        "contact_service/sealing/test_openpgp.py contact_service/sealing/test_bad_keys.py"
    ),
    "contact_service/sealing/pdf.py": "contact_service/sealing/test_pdf.py",
    "contact_service/sealing/sealer.py": "contact_service/sealing/test_openpgp.py",
    "contact_service/sealing/smime.py": "contact_service/sealing/test_smime.py",
    "contact_service/submission.py": "contact_service/sealing/test_submission.py",
    "contact_service/delivery/connection.py": (
        "contact_service/delivery/test_worker.py contact_service/delivery/test_smtp.py"
    ),
    "site_model/forms/filled.py": (
        "site_model/forms/test_binding.py site_model/forms/test_answers.py"
    ),
    "site_model/text/cleaning.py": "site_model/text/test_cleaning.py",
    "site_model/forms/conditions.py": "site_model/forms/test_conditions.py",
    "site_model/forms/fingerprints.py": "site_model/forms/test_fingerprints.py",
    "site_model/facts/opening_hours/holidays.py": "site_model/facts/test_opening_hours.py",
    "site_model/facts/opening_hours/rules.py": "site_model/facts/test_opening_hours.py",
    "site_model/i18n/typography.py": "site_model/i18n/test_typography.py",
    "site_model/text/telephones.py": "site_model/text/test_telephones.py",
    "site_model/forms/validation.py": (
        "site_model/forms/test_answers.py site_model/forms/test_binding.py"
    ),
}
"""The road of a letter and the model's core, with the quick tests that stand for each."""
OPERATORS = [
    f"core/{name}"
    for name in [
        "AddNot",
        "NumberReplacer",
        "ReplaceAndWithOr",
        "ReplaceOrWithAnd",
        "ReplaceTrueWithFalse",
        "ReplaceFalseWithTrue",
        "ReplaceBreakWithContinue",
        "ReplaceContinueWithBreak",
        "ReplaceUnaryOperator_Delete_Not",
        "ExceptionReplacer",
        "ZeroIterationForLoop",
        "ReplaceBinaryOperator_Add_Sub",
        "ReplaceBinaryOperator_Sub_Add",
        "ReplaceComparisonOperator_Lt_LtE",
        "ReplaceComparisonOperator_LtE_Lt",
        "ReplaceComparisonOperator_Gt_GtE",
        "ReplaceComparisonOperator_GtE_Gt",
        "ReplaceComparisonOperator_Eq_NotEq",
        "ReplaceComparisonOperator_NotEq_Eq",
        "ReplaceComparisonOperator_Is_IsNot",
        "ReplaceComparisonOperator_IsNot_Is",
    ]
]
"""What changes a decision; the others mostly give annotations that nobody evaluates."""
SECONDS_FOR_ONE = 240
LINKED = (".venv", "tests/node/node_modules")
"""Ignored by git and needed by tests: the copy leads to them."""


@dataclass(frozen=True)
class Mutant:
    """A file's text with one fault in it, and what has to notice."""

    id: str
    file: str
    text: str
    tests: tuple[str, ...]
    reason: str


def kept_mutants() -> list[Mutant]:
    """Those of `mutants.yml`, with one run of the same tests after another."""
    found = []
    for entry in yaml.safe_load(
        (ROOT / "tools" / "mutants" / "mutants.yml").read_text(encoding="utf-8")
    ):
        text = (ROOT / entry["file"]).read_text(encoding="utf-8")
        text = text.replace(entry["old"], entry["new"], 1)
        tests, reason = tuple(entry["tests"]), entry.get("reason", "")
        found.append(Mutant(entry["id"], entry["file"], text, tests, reason))
    return sorted(found, key=lambda mutant: mutant.tests)


def sampled_mutants(seed: int, kept: list[Mutant]) -> Iterator[Mutant]:
    """Cosmic-ray's, without end but none twice: a file, one of its faults, a file …

    A fault of `mutants.yml` that has a reason for living lends it to the same fault here.
    """
    choice = random.Random(seed)  # noqa: S311 (nothing secret)
    reasons = {(mutant.file, mutant.text): mutant.reason for mutant in kept}
    places = {file: faults_of(file) for file in TESTS_OF}
    while any(places.values()):
        file = choice.choice([file for file, left in places.items() if left])
        name, number = places[file].pop(choice.randrange(len(places[file])))
        text = mutate_code((ROOT / file).read_text(encoding="utf-8"), get_operator(name)(), number)
        tests = tuple(f"tests/{part}" for part in TESTS_OF[file].split())
        short = name.removeprefix("core/").removeprefix("Replace")
        yield Mutant(f"{file}:{short}:{number}", file, text, tests, reasons.get((file, text), ""))


def faults_of(file: str) -> list[tuple[str, int]]:
    """Every fault that the operators know in a file: the operator and which of its places."""
    nodes = list(ast_nodes(get_ast((ROOT / file).read_text(encoding="utf-8"))))
    return [
        (name, number)
        for name in OPERATORS
        for number in range(
            sum(len(list(get_operator(name)().mutation_positions(node))) for node in nodes)
        )
    ]


class Copy:
    """A copy of the working tree, as git would take it, to put faults into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._baselines: dict[tuple[str, ...], bool] = {}
        self._stamp = int(time.time()) - 1_000_000
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
        for name in filter(None, names.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        for name in LINKED:
            if (ROOT / name).exists():
                (folder / name).symlink_to((ROOT / name).resolve())

    def judge(self, mutant: Mutant) -> str:
        """What became of it, or that its tests do not even pass without it."""
        if mutant.tests not in self._baselines:
            ended, said = self._tests(mutant.tests)
            self._baselines[mutant.tests] = ended == 0 and " passed" in said
            if not self._baselines[mutant.tests]:
                print(said[-1500:], file=sys.stderr)
        if not self._baselines[mutant.tests]:
            return "broken baseline"
        before = (self._folder / mutant.file).read_text(encoding="utf-8")
        self._write(mutant.file, mutant.text)
        try:
            ended, _ = self._tests(mutant.tests)
        finally:
            self._write(mutant.file, before)
        return {0: "survived", None: "time out"}.get(ended, "killed")

    def _write(self, name: str, text: str) -> None:
        """Write a file at a second of its own, or Python would take the bytecode of the last."""
        (self._folder / name).write_text(text, encoding="utf-8")
        self._stamp += 1
        os.utime(self._folder / name, (self._stamp, self._stamp))

    def _tests(self, tests: tuple[str, ...]) -> tuple[int | None, str]:
        """How pytest ended (None: it did not in time) and what it said."""
        options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=SECONDS_FOR_ONE)
        except subprocess.TimeoutExpired:
            return None, "time out"
        else:
            return process.returncode, said
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)  # the tests end what they have started
                with suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=60)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def main() -> int:
    """Judge them all, or as many as there is time for; say so. 1: a fault would go unseen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="ids of mutants.yml, divided by spaces")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=40, help="how many of cosmic-ray's")
    parser.add_argument("--minutes", type=float, default=60, help="for all; then it ends")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    kept, only = kept_mutants(), asked.only.split()
    if unknown := set(only) - {mutant.id for mutant in kept}:
        parser.error(f"not in mutants.yml: {' '.join(sorted(unknown))}")
    mutants = [mutant for mutant in kept if not only or mutant.id in only]
    if not only:
        sample = sampled_mutants(asked.seed, kept)
        mutants += [mutant for _, mutant in zip(range(asked.sample), sample, strict=False)]
    counted: Counter[str] = Counter()
    unseen = []
    with tempfile.TemporaryDirectory(prefix="opora-mutants-") as folder:
        copy = Copy(Path(folder))
        for mutant in mutants:
            became = copy.judge(mutant) if time.monotonic() < until else "not run"
            counted[became] += 1
            if became == "broken baseline" or (became == "survived" and not mutant.reason):
                unseen.append(mutant.id)
            print(f"{became:15} {mutant.id}  {mutant.reason}".rstrip(), flush=True)
    print(", ".join(f"{number} {became}" for became, number in counted.items()))
    print(f"Without a reason: {' '.join(unseen) or 'none'}")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
