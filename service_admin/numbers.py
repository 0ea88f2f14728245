"""`numbers`: how many letters came and how many were answered, for the report of a year.

Small numbers are somebody: they are told as „под 5“. All others are rounded to 5, as offices of
statistics do it, and so are sums, which are made before: what is taken from a sum gives no small
number. Only months that are over are told: nobody sees what has grown since yesterday.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import product
from operator import add

from babel.dates import format_date

from contact_service.errors import ADMIN
from contact_service.outbox.outbox import Outbox
from contact_service.outbox.tallies import ANSWERED, LETTERS, Cell, Cells, month_of
from contact_service.settings.service import Settings
from site_model.availability import is_offered
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.i18n.languages import in_bulgarian
from site_model.text.csv_tables import Row, csv_table
from site_model.types import SOFIA, SOURCE_LANGUAGE

STEP = 5
FEW = f"под {STEP}"
HEADINGS = ("Център", "Формуляр", "Език")
ALL, WITH_ANSWER = "всички писма", "с отговор на сайта"
ROUNDED = (
    f"Всяко число е закръглено до {STEP}, и сборовете: не ги събирайте и не ги вадете. Където "
    f"пише „{FEW}“, може да няма и нито едно."
)
UNKNOWN = (
    "Има и писма, които не са тук: до център, по формуляр или на език, който вече го няма, или "
    "отпреди смяна на тайната."
)


def numbers(settings: Settings, year: int | None, *, as_csv: bool) -> int:
    """Print those of a year; if none is named, of the one with the last month that is over."""
    from site_model.loading.loader import load_content  # `watch` needs one line from here

    now = datetime.now(UTC)
    over = last_month(now)
    year = year or int(over[:4])
    with closing(Outbox(settings.database)) as outbox:
        first = outbox.first_month(now)
        counted = outbox.numbers_between(f"{year}-01", min(f"{year}-12", over))
    months = [one for number in range(1, 13) if first <= (one := f"{year}-{number:02}") <= over]
    if not months:
        began = f"{first[5:]}.{first[:4]} г."
        print(f"За {year} г. няма преброен месец, който е минал. Брои се от {began}")
        return 1
    cells = Cells(settings.secret.get_secret_value())
    content = load_content(settings.content_folder)
    centres = [centre for name, centre in content.centres.items() if name in settings.centres]
    rows = [row for one in centres for row in _rows(content, one, cells, months, counted)]
    names = [
        format_date(date.fromisoformat(f"{month}-01"), "LLLL", SOURCE_LANGUAGE) for month in months
    ]
    if as_csv:
        # As bytes: what is printed as text has its byte order mark written out.
        sys.stdout.buffer.write(csv_table((*HEADINGS, *names, "общо"), [*rows, (ROUNDED,)]))
    else:
        print(f"Писма през сайта за {year} г., от {names[0]} до {names[-1]}. {ROUNDED}\n")
        for *said, whole in [(*row[:3], row[-1]) for row in rows]:
            print(f"{', '.join(str(word) for word in said if word)}: {whole}")
        print(f"\nПо месеци, за таблица: {ADMIN} numbers --csv >pisma.csv")
    if counted:
        print(UNKNOWN, file=sys.stderr)
    return 0


def last_month(now: datetime) -> str:
    """The last month that is over."""
    return month_of(now.astimezone(SOFIA).replace(day=1) - timedelta(days=1))


def said_of_last_month(outbox: Outbox, now: datetime) -> str:
    """Of all centres together."""
    month, of = last_month(now), Counter[str]()
    if month < outbox.first_month(now):
        return "още не са броени"
    for cell, number in outbox.numbers_between(month, month).items():
        of[cell.kind] += number
    return f"{_rounded(of[LETTERS])}, {WITH_ANSWER}: {_rounded(of[ANSWERED])}"


def _rows(
    content: Content, centre: Centre, cells: Cells, months: Sequence[str], counted: Counter[Cell]
) -> Iterator[Row]:
    """A row for each form in each language that the centre has now, used or not, and its sums.

    What is told goes out of `counted`.
    """
    name, every = centre.short_name.to(SOURCE_LANGUAGE), [0] * len(months)
    for form, language in product(content.forms.values(), content.site.languages):
        kind = centre.id, form.id, language.code
        found = [counted.pop(cells.letters(month, *kind), 0) for month in months]
        every = list(map(add, every, found))
        if is_offered(form, centre, content, language.code):
            title = form.title.to(SOURCE_LANGUAGE)
            yield name, title, in_bulgarian(language.code), *_told(found)
    yield name, ALL, "", *_told(every)
    answered = [counted.pop(cells.answered_letters(month, centre.id), 0) for month in months]
    yield name, WITH_ANSWER, "", *_told(answered)


def _told(found: Sequence[int]) -> Iterator[str | int]:
    return map(_rounded, (*found, sum(found)))


def _rounded(number: int) -> str | int:
    return FEW if number < STEP else STEP * round(number / STEP)
