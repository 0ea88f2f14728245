"""Pure: checks of what is typed; each gives the value or raises ValueError with the fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def port_number(answer: str) -> int:
    if not answer.isdecimal() or not 1 <= int(answer) <= 65535:
        raise ValueError("порт е число от 1 до 65535, обикновено 587 или 465")
    return int(answer)


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """A check for one of some words, or its number in the list."""
    numbered = dict(enumerate(words, 1))

    def check(answer: str) -> str:
        if answer in words:
            return answer
        if answer.isdecimal() and int(answer) in numbered:
            return numbered[int(answer)]
        raise ValueError(f"„{answer}“ не е от списъка. Напишете номер от 1 до {len(words)}")

    return check


def numbered_list(words: Mapping[str, str]) -> str:
    return "\n".join(f"  {number}. {word}" for number, word in enumerate(words.values(), 1))


def yes(answer: str) -> bool:
    """Whether it is „да“; raises ValueError for anything but „да“ and „не“."""
    if (word := answer.casefold()) not in ("да", "не"):
        raise ValueError("отговаря се с „да“ или „не“")
    return word == "да"
