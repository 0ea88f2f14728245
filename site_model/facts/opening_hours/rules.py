"""Pure: opening hours that a centre may write: each rule understood, and no rule lost.

The last rule that names a day decides it. What a rule loses so, a reader of its words would not
know: hence the general comes before the special, and what does not is refused with how to write
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise, product
from typing import Final

from site_model.facts.opening_hours.days import ONE_DAY, days_between, deciding
from site_model.facts.opening_hours.holidays import public_holidays
from site_model.facts.opening_hours.syntax import DAY, Rule, clock, rules_of

_YEARS: Final = range(2024, 2052)  # 28 years: every date on every weekday
_WEEK: Final = tuple(days_between(date(2026, 11, 23), date(2026, 11, 29)))

Day = tuple[date, bool]
"""A day, and whether it is a public holiday."""


@lru_cache(maxsize=1024)
def parsed_hours(text: str) -> tuple[Rule, ...]:
    """The rules of an expression; raises ValueError with a sentence in Bulgarian."""
    rules = rules_of(text)
    runs = _runs(rules)
    days = {day for run in runs for day in run}
    named = [{day for day in days if rule.names(day[0], holiday=day[1])} for rule in rules]
    for (earlier, of_earlier), (later, of_later) in combinations(zip(rules, named, strict=True), 2):
        if shared := of_earlier & of_later:
            _refuse_order(rules, earlier, later, shared)
            _refuse_crossing(earlier, later, days)
    for place, rule in enumerate(rules):
        _refuse_lost(rule, named[place], set[Day]().union(*named[place + 1 :]))
    for run in runs:
        _refuse_nights(rules, run)
    return rules


def rank(rule: Rule) -> int:
    """How special a rule is: of weekdays, of a season, of holidays, of one day."""
    if rule.dates is None:
        return 2 if rule.holidays and not rule.days else 0
    return 3 if rule.dates.first == rule.dates.last and rule.dates.first.day else 1


def general_first(rules: Iterable[Rule]) -> list[Rule]:
    """Rules in the order in which they hold: closed days are closed on their holidays too."""
    rules = tuple(rules)
    opens = any(rule.holidays and not rule.closed for rule in rules)
    return sorted(rules, key=lambda rule: 2.5 if opens and closed_days(rule) else rank(rule))


def closed_days(rule: Rule) -> bool:
    """Whether a rule closes a season, and not one day."""
    return rule.closed and rank(rule) == 1


def _rank_on(rule: Rule, day: Day) -> int:
    return 2 if rule.holidays and day[1] else rank(rule)


def _runs(rules: Iterable[Rule]) -> list[Sequence[Day]]:
    """Days one after another on which all that rules can say of each other shows.

    Without dates that is each weekday, and the next, as a holiday and as none.
    """
    dates = [rule.dates for rule in rules if rule.dates]
    if not dates:
        either = (False, True)
        return [
            ((day, first), (day + ONE_DAY, second))
            for day, first, second in product(_WEEK, either, either)
        ]
    years = {year for one in dates for year in (one.first.year, one.last.year) if year}
    spans = [(_YEARS[0], _YEARS[-1]), *((year, year + 1) for year in years - set(_YEARS))]
    return [
        tuple(
            (day, day in public_holidays(day.year))
            for day in days_between(date(first, 1, 1), date(last, 12, 31))
        )
        for first, last in spans
    ]


def _refuse_order(rules: Sequence[Rule], earlier: Rule, later: Rule, shared: Iterable[Day]) -> None:
    if earlier.holidays and not earlier.closed and closed_days(later):
        return
    if closed_days(earlier) and later.holidays and not later.days and not later.closed:
        right = "; ".join(rule.text for rule in general_first(rules))
        raise ValueError(
            f"„{later.text}“ отваря на празниците през „{earlier.text}“, а хората ще прочетат и "
            f"двете. Ако тогава е затворено, затворените дни се пишат последни: {right}. Ако на "
            "някой от тези празници е отворено, напишете деня му отделно, след тях"
        )
    if any(_rank_on(later, day) < _rank_on(earlier, day) for day in shared):
        right = "; ".join(rule.text for rule in general_first(rules))
        how = (
            "Напишете PH като отделно правило, последно"
            if earlier.holidays and earlier.days
            else f"Общото се пише първо, после периодите, празниците и дните: {right}"
        )
        raise ValueError(
            f"„{later.text}“ отменя „{earlier.text}“ в дните, за които са и двете, защото важи "
            f"последното. {how}"
        )


def _refuse_crossing(earlier: Rule, later: Rule, days: Iterable[Day]) -> None:
    if not (rank(earlier) == rank(later) == 1 and earlier.dates and later.dates):
        return
    if any(day in later.dates and day not in earlier.dates for day, _ in days):
        raise ValueError(
            f"„{earlier.text}“ и „{later.text}“ казват различно за едни и същи дни. Напишете първо "
            "по-дългия период, а след него този, който е част от него"
        )


def _refuse_lost(rule: Rule, named: set[Day], taken: set[Day]) -> None:
    if not named:
        raise ValueError(f"„{rule.text}“: няма нито един такъв ден")
    if named <= taken:
        raise ValueError(
            f"„{rule.text}“ не важи в нито един ден, защото го отменят правилата след него. "
            "Махнете го; ако важат и едните, и другите часове, напишете ги в едно правило, "
            "например Mo-Fr 09:00-12:00,13:00-17:00"
        )


def _refuse_nights(rules: tuple[Rule, ...], run: Sequence[Day]) -> None:
    """An interval over midnight must not meet what another rule, or the same, says of that day.

    A holiday, a season or a day that is closed may: it ends the night at midnight.
    """
    if not any(end > DAY for rule in rules for _, end in rule.times):
        return
    decided = [(deciding(rules, day, holiday=holiday), (day, holiday)) for day, holiday in run]
    for (before, _), (after, day) in pairwise(decided):
        end = max((end for _, end in before.times), default=0) if before else 0
        if before is None or after is None or end <= DAY:
            continue
        special = after.closed and _rank_on(after, day) > 0
        meets = after.times and after.times[0][0] <= end - DAY
        if meets if after == before else not special:
            raise ValueError(
                f"„{before.text}“ минава в другия ден, за който важи „{after.text}“. Разделете "
                f"нощта в полунощ: до 24:00, а за другия ден 00:00-{clock(end)}"
            )
