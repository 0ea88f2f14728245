"""Passwords that people agree on: typed by the operator, or made here and shown once."""

from __future__ import annotations

import secrets

from contact_service.reference_numbers import in_signs
from contact_service.settings.passwords import SHORTEST_PASSWORD, pdf_password
from site_model.prompts import Ask, Question


def new_password() -> str:
    """Five groups of signs that are not mistaken for each other, 97 bits in all."""
    return "-".join(in_signs(secrets.randbits(64), 5) for _ in range(5))


def asked_password(ask: Ask, whose: str) -> str:
    """A password that is typed, or a new one, which is shown."""
    question = Question(
        "password",
        f"Парола за писмата до {whose}",
        f"С нея центърът отваря PDF файловете. Поне {SHORTEST_PASSWORD} знака. Само Enter: "
        "прави се нова и се показва. Кажете я на центъра на живо или по телефона, не с писмо.",
        check=pdf_password,
        hidden=True,
        empty="нова",
    )
    if typed := ask(question):
        return str(typed)
    made = new_password()
    print(f"Паролата за {whose} е: {made}\nЗапишете я сега, повече няма да се покаже.", flush=True)
    return made
