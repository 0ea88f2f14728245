"""Facts and pages as people and their programs write them, for tests of what families read."""

from __future__ import annotations

from site_build.pipeline import Project

BULGARIAN_AND_ARABIC = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: ar, scope: full, read_by_native: false}
"""
LONG_MAIL = "tsentarzaobshtestvenapodkrepavgradharmanlioblasthas@primer.bg"
LEFT_BEHIND = (".DS_Store", "._a.md", "._a.yml", "._a.txt", "Thumbs.db", "~$a.xlsx", ".a.yml.new")

_TYPED = {
    "  - number: 0373 9 10 76\n": "  - number: тел. (0373)\u00a09.10.76, вътр. 12345\n"
    "    source: 000_cee4bc3b0dd5abd9.txt:3\n"
    "  - number: 00359 (0)888 123\u2011456\n",
    "cop.harmanli@abv.bg": LONG_MAIL,
    "Психологическо и социално консултиране за": "Психо\u00adлогическо и соци\u00adално за",
    "building:\n": 'address:\n  text: {bg: "ул. Изворна #5, вход Б"}\n'
    "  source: 000_cee4bc3b0dd5abd9.txt:3\nbuilding:\n",
}


def type_in_a_hurry(project: Project) -> None:
    """One centre, typed and saved as the programs of Windows save; their leftovers everywhere."""
    (project.content / "centres" / "sopot.yml").unlink()
    centre = project.content / "centres" / "harmanli.yml"
    text = centre.read_text(encoding="utf-8")
    for old, new in _TYPED.items():
        assert old in text
        text = text.replace(old, new, 1)
    centre.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    for file in (project.content / "help_lines.yml", *project.hand_written("bg").glob("*.md")):
        text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (project.content / "photographs").mkdir(exist_ok=True)
    for folder in (*project.content.glob("*/"), project.content, project.hand_written("bg")):
        for name in LEFT_BEHIND:
            (folder / name).write_bytes(b"\x00\x05\x16\x07\xff")
