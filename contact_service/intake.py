"""Acceptance: a valid form becomes sealed mails in the outbox, or is not accepted at all."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from contact_service.box import Box, new_box, new_code, place_of
from contact_service.keys import FollowUps, check_code, derive, letter_mac
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox.errors import OutboxUnavailableError, ReferenceTakenError
from contact_service.outbox.outbox import Accepted, Outbox, Stored
from contact_service.outbox.tallies import Cells, month_of
from contact_service.recipients import Recipients
from contact_service.reference_numbers import new_reference
from contact_service.sealing import SealedMail
from contact_service.settings.service import Settings
from contact_service.submission import Submission, sofia_time
from site_model.facts.centre import Centre
from site_model.facts.shared import Site
from site_model.forms.binding import CentreForm
from site_model.forms.definition import FOLLOW_UP
from site_model.forms.filled import FilledForm
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import answer_link

log = get_logger("opora.intake")


@dataclass(frozen=True)
class Receipt:
    """Proof of sending without content. `accepted_at` is Bulgarian time, in words.

    `code` opens the box with answers; "" for a form without them.
    """

    language: str
    centre: str
    form: str
    reference: str
    accepted_at: str
    check_code: str
    code: str = ""


@dataclass(frozen=True)
class _Letter:
    """A letter that is about to be sealed, with the box for its answers and the code of that."""

    submission: Submission
    code: str = ""
    box: Box | None = None


class CannotAcceptError(Exception):
    """Nothing was stored: no key can be sealed to, or the outbox cannot be written."""


class Intake:
    """Seals and stores; it knows the recipients of every centre."""

    def __init__(self, settings: Settings, outbox: Outbox, site: Site) -> None:
        self._outbox, self._site = outbox, site
        self._secret = settings.secret.get_secret_value()
        self._mac_key = derive(self._secret, "same letter")
        self._check_key = derive(self._secret, "check code")
        self._follow_ups = FollowUps(self._secret)
        self._cells = Cells(self._secret)
        self._recipients = {name: Recipients(name, settings) for name in settings.centres}

    def look_at_keys(self) -> None:
        """Read every key that was changed."""
        for recipients in self._recipients.values():
            recipients.look_again()

    def rehearse(self, form: CentreForm) -> Receipt:
        """Do with an empty form all that a letter needs, but for storing it."""
        empty = FilledForm(form)
        self.accepted_lately(form, self.mac(empty, ""))
        letter = self._letter(empty)
        self._sealed(letter.submission, form.centre.id)
        stored = Stored(letter.submission.reference, letter.submission.accepted_at, letter.code)
        return self._receipt(form, stored)

    def follow_up(self, reference: str, centre: str, place: bytes) -> str:
        """What the form of a letter carries that goes on from this one, with its box at `place`."""
        return self._follow_ups.value_for(reference, centre, place, datetime.now(UTC))

    def read_letter(self, form: CentreForm, sent: Any) -> FilledForm:
        """A form that was sent, without the number of a letter before it that is not proven.

        `sent` is the MultiDict of a request. Raises CannotAcceptError.
        """
        if FOLLOW_UP in sent and not self._follows(sent[FOLLOW_UP], form.centre.id):
            sent = sent.copy()
            sent.poplist(FOLLOW_UP)
        return FilledForm(form, sent)

    def mac(self, filled: FilledForm, network: str) -> bytes:
        """Recognises this letter when it comes again."""
        form = filled.form
        said = filled.data | {FOLLOW_UP: _followed(filled)}  # its proof is another each time
        return letter_mac(self._mac_key, form.centre.id, form.definition.id, said, network)

    def accepted_lately(self, form: CentreForm, mac: bytes) -> Receipt | None:
        """The receipt of the same letter, if it was accepted a short while ago."""
        try:
            found = self._outbox.accepted_lately(mac, datetime.now(UTC))
        except OutboxUnavailableError as error:
            log.error("outbox cannot be read", reason=kind_and_place(error))
            raise CannotAcceptError from None
        return self._receipt(form, found) if found else None

    def receipt_now(self, receipt: Receipt) -> Receipt:
        """A receipt as it holds by now: without a code whose box its reader has deleted."""
        place = place_of(self._secret, receipt.code)
        with suppress(CannotAcceptError):  # what cannot be looked up is shown as it was
            if receipt.code and not self._has_box(place, datetime.now(UTC)):
                return replace(receipt, code="")
        return receipt

    def accept(self, filled: FilledForm, mac: bytes) -> tuple[Receipt, bool]:
        """Seal and store a validated form; when this returns, the message cannot be lost.

        The same letter sent again gets the receipt of the first time, and False: nothing new
        was stored.
        """
        form = filled.form
        stored, new = self._stored(form.centre.id, mac, lambda: self._letter(filled))
        if new:
            self._count(form, stored.at)
        return self._receipt(form, stored), new

    def _count(self, form: CentreForm, at: datetime) -> None:
        """In a transaction of its own: the letter is stored, whether it is counted or not."""
        of = form.centre.id, form.definition.id, form.language
        with suppress(OutboxUnavailableError):  # a line of the log would tell the hour
            self._outbox.count_in(self._cells.letters(month_of(at), *of))

    def send_link(self, centre: Centre, link: str) -> None:
        """Seal and store a letter with a link into the editor; raises CannotAcceptError."""
        mac = hmac.digest(self._mac_key, link.encode(), "sha256")
        self._stored(centre.id, mac, lambda: _Letter(_letter_with(link, centre)))

    def _sealed(self, submission: Submission, centre: str) -> list[SealedMail]:
        recipients = self._recipients.get(centre)
        mails = recipients.seal(submission) if recipients else []
        if not mails:
            raise CannotAcceptError
        return mails

    def _stored(self, centre: str, mac: bytes, make: Callable[[], _Letter]) -> tuple[Stored, bool]:
        """What is in the outbox now, and whether it is new there."""
        for _ in range(3):
            letter = make()
            submission = letter.submission
            mails = self._sealed(submission, centre)
            accepted = Accepted(
                submission.reference,
                centre,
                submission.form_version,
                mac,
                mails,
                letter.code,
                letter.box,
            )
            try:
                stored = self._outbox.accept(accepted, submission.accepted_at)
            except ReferenceTakenError:
                continue
            except OutboxUnavailableError as error:
                log.error("outbox cannot be written", reason=kind_and_place(error))
                raise CannotAcceptError from None
            return stored, stored.reference == submission.reference
        raise CannotAcceptError

    def _letter(self, filled: FilledForm) -> _Letter:
        """What is sealed of a form, and the box for its answers where the form has one."""
        form = filled.form
        submission = replace(_submission(filled), follows=_followed(filled))
        if not form.definition.answers:
            return _Letter(submission)
        code, answer_code = new_code(), new_code()
        note = {
            "language": form.language,
            "centre": form.centre.id,
            "form": form.definition.id,
            "reference": submission.reference,
        }
        box = new_box(self._secret, code, answer_code, note)
        link = answer_link(self._site, answer_code)
        return _Letter(replace(submission, answer_link=link), code, box)

    def _follows(self, carried: str, centre: str) -> bool:
        """Whether it proves a letter that has its box still."""
        now = datetime.now(UTC)
        place = self._follow_ups.place_in(carried, centre, now)
        return place is not None and self._has_box(place, now)

    def _has_box(self, place: bytes, now: datetime) -> bool:
        try:
            return self._outbox.reader_note_at(place, now) is not None
        except OutboxUnavailableError as error:
            log.error("outbox cannot be read", reason=kind_and_place(error))
            raise CannotAcceptError from None

    def _receipt(self, form: CentreForm, stored: Stored) -> Receipt:
        when = sofia_time(stored.at)
        code = check_code(
            self._check_key, stored.reference, form.centre.id, form.definition.id, when
        )
        return Receipt(
            form.language,
            form.centre.id,
            form.definition.id,
            stored.reference,
            when,
            code,
            stored.code,
        )


def _followed(filled: FilledForm) -> str | None:
    """The number of the letter that this one goes on from, which `read_letter` has left in it."""
    carried: str = filled.data[FOLLOW_UP] or ""
    return carried.partition(" ")[0] or None


def _submission(filled: FilledForm) -> Submission:
    form = filled.form
    return Submission(
        reference=new_reference(),
        centre=form.centre.name.text.to(SOURCE_LANGUAGE),
        form=form.definition.title.to(SOURCE_LANGUAGE),
        form_version=form.definition.version,
        accepted_at=datetime.now(UTC),
        answers=filled.answers,
        language=form.language,
    )


def _letter_with(link: str, centre: Centre) -> Submission:
    return Submission(
        reference=new_reference(),
        centre=centre.name.text.to(SOURCE_LANGUAGE),
        form="Вход в редактора на сайта",
        form_version=1,
        accepted_at=datetime.now(UTC),
        answers=(),
        note=(
            "Някой поиска да влезе в редактора, с който се сменят фактите за центъра на сайта. Ако "
            "сте вие или колега, отворете тази връзка до 15 минути и натиснете бутона там:",
            link,
            "Важи веднъж. Ако никой от вас не я е поискал, не правете нищо: без нея никой не може "
            "да влезе.",
        ),
    )
