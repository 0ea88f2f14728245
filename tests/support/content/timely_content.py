"""A centre that says when it is open, what is to come, and whom it helps that no list has: made
up, for tests alone.
"""

from __future__ import annotations

from typing import Any

from site_build.pipeline import Project
from tests.support.pages.built_pages import change_yaml

SOURCE = "000_cee4bc3b0dd5abd9.txt:1"
OSM = 'Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00 "by appointment"; PH off'

OWN_GROUP = "Баби и дядовци, които гледат внуците си"

NOTICE = {"text": {"bg": "Телефонът не работи заради ремонт."}, "until": "2027-03-20"}
TO_COME = {
    "text": {"bg": "Входът е от двора."},
    "first": "2027-03-22",
    "until": "2027-03-24",
}
HOLIDAY = {
    "text": {"bg": "Екипът е на обучение."},
    "first": "2027-03-25",
    "until": "2027-03-26",
    "closed": True,
}


def timely(centre: dict[str, Any]) -> dict[str, Any]:
    """Hours, notices, the state of a service: what neither of the real centres has said."""
    centre["opening_hours"] = {
        "osm": OSM,
        "text": {"bg": "Първата среща се уговаря по телефона."},
        "source": SOURCE,
    }
    centre["notices"] = [item | {"source": SOURCE} for item in (NOTICE, TO_COME, HOLIDAY)]
    centre["services"][0]["status"] = {
        "state": "paused",
        "until": "2027-04-10",
        "text": {"bg": "Търси се психолог."},
        "source": SOURCE,
    }
    grandparents = {"group": "grandparents", "name": {"bg": OWN_GROUP}, "source": SOURCE}
    centre["target_groups"].append(grandparents)
    centre["services"][1]["groups"].append("grandparents")
    centre["programmes"] = [
        {
            "id": "parents",
            "checked_on": "2027-03",
            "name": {"bg": "Училище за родители"},
            "description": {"bg": "Разговори; за родители, в група."},
            "dates": [
                {"day": "2027-03-24", "starts": "17:30", "ends": "19:00", "source": SOURCE},
                {"day": "2027-03-31", "starts": "17:30", "ends": "19:00", "source": SOURCE},
                {"day": "2027-04-07", "source": SOURCE},
                {"day": "2027-03-03", "starts": "17:30", "source": SOURCE},
            ],
            "source": SOURCE,
        }
    ]
    return centre


def with_times(project: Project) -> None:
    """Give Harmanli what it has not said."""
    change_yaml(project.content / "centres" / "harmanli.yml", timely)
