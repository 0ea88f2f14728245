"""A centre as a card for the address book of a telephone (vCard 3.0, RFC 2426).

3.0, because every telephone reads it; vobject folds and escapes it.
"""

from __future__ import annotations

import vobject

from site_build.open_data.hsds import said
from site_build.open_data.ids import stable_id
from site_model.addresses import centre_url
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.facts import Content


def contact_card(content: Content, centre: Centre) -> bytes:
    """Name, telephones, e-mail, address and page of a centre: what its contacts page says."""
    card = vobject.vCard()
    name = said(centre.name) or ""
    card.add("fn").value = name
    card.add("n").value = vobject.vcard.Name(family=name)
    card.add("org").value = [name]
    card.add("uid").value = f"urn:uuid:{stable_id('organization', centre.id)}"
    for phone in centre.phones:
        number = card.add("tel")
        number.value = phone.dialled
        number.type_param = "WORK"
    if centre.email:
        email = card.add("email")
        email.value = centre.email.address
        email.type_param = "WORK"
    if centre.address:
        address = card.add("adr")
        address.value = vobject.vcard.Address(
            street=said(centre.address), city=said(centre.place), country="България"
        )
        address.type_param = "WORK"
    card.add("url").value = centre_url(content, SOURCE_LANGUAGE, centre.id)
    text: str = card.serialize()
    return text.encode()
