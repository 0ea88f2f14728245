"""What staff tell is completed with the codes that no person should have to write."""

from __future__ import annotations

from site_build.authoring.completion import SaidText, complete
from site_model.facts.centre import Centre

OWN = {"bg": "Баби и дядовци, които гледат внуци"}


def test_a_group_of_its_own_needs_no_code() -> None:
    """Its name is enough, in the list of groups and where a service is for it."""
    told = {
        "place": {"bg": "Карлово"},
        "summary": {"text": {"bg": "За всички."}},
        "target_groups": [{"group": "parents"}, {"name": OWN}],
        "services": [
            {
                "name": {"bg": "Разговори"},
                "description": {"bg": "Говорим."},
                "groups": ["parents", OWN["bg"]],
            }
        ],
    }
    centre = Centre.model_validate(
        complete(told, "2026-11-28", SaidText("otgovori.txt", {"groups": {}, "kinds": {}}))
    )
    assert [one.group for one in centre.target_groups] == ["parents", "babi_i_dyadovtsi_koito"]
    assert centre.services[0].groups == ("parents", "babi_i_dyadovtsi_koito")
    assert told["target_groups"] == [{"group": "parents"}, {"name": OWN}]
