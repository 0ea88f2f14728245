"""The pictograms of easy-read pages, taken from Material's icon set (Apache License 2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from site_model.facts.pictures import Pictogram

FILES: Final[Mapping[Pictogram, str]] = {
    "alarm": "phone-alert",
    "adoption": "account-heart",
    "baby": "baby-carriage",
    "calm": "sofa",
    "child": "human-child",
    "class": "school",
    "family": "human-male-female-child",
    "home": "home-heart",
    "hurt": "emoticon-sad",
    "identity_card": "card-account-details",
    "law": "scale-balance",
    "letter": "email",
    "money": "hand-coin",
    "park": "tree",
    "people": "account-group",
    "phone": "phone",
    "place": "map-marker",
    "pregnant": "human-pregnant",
    "question": "help-circle",
    "talk": "forum",
    "wheelchair": "wheelchair-accessibility",
    "work": "briefcase",
}


def pictograms() -> dict[str, Markup]:
    """Each pictogram as SVG to stand in a page; the words beside it say the same."""
    icons = files("material") / "templates" / ".icons" / "material"
    return {
        name: Markup((icons / f"{file}.svg").read_text(encoding="utf-8"))  # noqa: S704 - a library's
        for name, file in FILES.items()
    }
