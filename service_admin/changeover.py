"""What the kit's shell asks when one release takes the place of another."""

from __future__ import annotations

from contact_service.settings.service import Settings
from site_model.loading.loader import load_site
from site_model.urls import origin_of


def addresses(settings: Settings, bind: str) -> int:
    """Say where web process and watch answer whether they are well, without a port no watch; and
    the other origin that may take letters, where there is one.

    The outbox is not opened: its tables may be those of another release.
    """
    path = load_site(settings.content_folder).service_path
    print(f"web http://{bind}{path}/health")
    if settings.watch_port:
        print(f"watch http://127.0.0.1:{settings.watch_port}/health")
    if settings.service_origin:
        print(f"letters {origin_of(settings.service_origin)}")
    return 0


def outbox_back(settings: Settings, version: str) -> int:
    """Bring the tables back to those of an older release, with every letter in them."""
    from contact_service.outbox.database import bring_back  # `addresses` need no database

    bring_back(settings.database, version)
    return 0
