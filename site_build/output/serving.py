"""What stands between the finished site and its readers: files for web servers and hosts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from site_build.output.htaccess import put_htaccess
from site_build.output.server_files import write_server_files
from site_model.facts.shared import Site
from site_model.security_headers import page_headers
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import service_origin, site_root


def write_for_servers(
    headers: Path, folder: Path, site: Site, uses: Collection[str], old: Mapping[str, str]
) -> list[str]:
    """Write to `headers` what servers include, and into the site's `folder` what hosts read.

    `old` are old addresses below the site's root. Returns the files of `folder` that somebody
    else wrote, which stay.
    """
    root = site_root(site, SOURCE_LANGUAGE)
    moved = {root + before: root + now for before, now in old.items()}
    write_server_files(headers, uses, service_origin(site), moved)
    return put_htaccess(folder, site, page_headers(uses, service_origin(site)), moved)
