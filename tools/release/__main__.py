"""`python -m tools.release`: licences, list of parts, audit, and the files of a release."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from site_model.version import version
from tools.release import audit as auditing
from tools.release.archive import make_release
from tools.release.licences import licences, table
from tools.release.pinned import ALL, ROOT, ReleaseError
from tools.release.sbom import sbom

NEXT = """\
Next, for version {version}:
  git tag --sign v{version} --message "Opora {version}"
  git push origin v{version}
  gpg --armor --detach-sign dist/SHA256SUMS
Then put the files of dist/ and the signature on the page of the release. Anyone who takes them:
  gpg --verify SHA256SUMS.asc && sha256sum --check SHA256SUMS"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 for what is to be fixed, 3 if nobody could be asked."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    commands = parser.add_subparsers(metavar="command", required=True)
    words = "the licences of what a server runs; 1 if Opora may not go out with one"
    commands.add_parser("licences", help=words, description=words).set_defaults(run=_licences)
    words = "the list of parts (CycloneDX) of the tree as it is"
    parts = commands.add_parser("sbom", help=words, description=words)
    parts.add_argument("file", type=Path, help="where to write it")
    parts.set_defaults(run=_sbom)
    words = "known vulnerabilities: 0 nothing found, 1 found, 3 could not ask"
    audit = commands.add_parser("audit", help=words, description=words)
    audit.add_argument(
        "--unasked-is-ok",
        action="store_true",
        help="say it, but end with 0 if nobody could be asked",
    )
    audit.set_defaults(run=_audit)
    words = "make the files of a release in dist/"
    commands.add_parser("archive", help=words, description=words).set_defaults(run=_archive)
    return parser


def _licences(_options: argparse.Namespace) -> int:
    listed = licences()
    print(table(listed))
    refused = [each for each in listed if not each.accepted]
    for each in refused:
        said = f"has {each.expression}" if each.expression else "does not say its licence"
        print(
            f"{each.package.name} {said}. Read it; then take another package, or write it into "
            "pyproject.toml, [tool.opora.licences], or ACCEPTED in tools/release/licences.py.",
            file=sys.stderr,
        )
    return 1 if refused else 0


def _sbom(options: argparse.Namespace) -> int:
    text = sbom(licences(), version(), datetime.now(UTC))
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(text, encoding="utf-8")
    print(f"Made and held against its schema: {options.file}")
    return 0


def _audit(options: argparse.Namespace) -> int:
    audits = auditing.audit()
    verdict = auditing.verdict_of(audits)
    print(auditing.report_text(ALL, audits))
    if verdict is auditing.Verdict.NOT_ASKED:
        print("No service of known vulnerabilities could be asked about all packages. ", end="")
        print("This says nothing about them; ask again where there is a network.")
    return auditing.exit_code(verdict, unasked_is_ok=options.unasked_is_ok)


def _archive(_options: argparse.Namespace) -> int:
    for file in make_release():
        print(file.relative_to(ROOT))
    print(NEXT.format(version=version()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
