"""What is to be fixed of sheets of paper, for the person who built the site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from site_build.paper.typesetting import PaperNotice
from site_model.loading.loader import places_with
from site_model.problems import Problem


def paper_report(content: Path, notices: Iterable[PaperNotice]) -> Iterator[str]:
    """A line for each sheet that there is not, then one for each text with signs that its sheets
    cannot show.
    """
    notices = tuple(notices)
    for notice in notices:
        if notice.why:
            yield f"{notice.file}: {notice.why} Страницата излиза без този лист."
    lost: dict[Problem, dict[str, None]] = defaultdict(dict)
    pairs = dict.fromkeys(pair for notice in notices for pair in notice.lost)
    for place, sign in places_with(content, pairs):
        lost[place][sign] = None
    for place in sorted(lost):
        signs = "“, „".join(lost[place])
        sentence = f"на хартия липсва „{signs}“: буквите за печат нямат такъв знак."
        yield str(replace(place, sentence=sentence))
