"""The list of parts of a release (SBOM), as CycloneDX 1.6: what a server runs, and its licences.

What wheels carry inside (libpq in psycopg, Rust crates in typst) is theirs to list, and not here.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.release.licences import Licensed
from tools.release.pinned import RUN, ReleaseError

LICENCE = "EUPL-1.2"


def sbom(listed: Sequence[Licensed], version: str, made: datetime) -> str:
    """The list as JSON, the same bytes for the same arguments.

    `made` is the time of the release's commit. Raises ReleaseError where the result does not
    follow the schema of CycloneDX.
    """
    opora = Component(
        name="opora",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"opora@{version}",
        licenses=[LicenseFactory().make_from_string(LICENCE)],
    )
    wanted = {each.package.name: each for each in listed if each.package.wanted}
    parts = {name: _component(each) for name, each in wanted.items()}
    others = [_component(each) for each in listed if not each.package.wanted]
    bom = Bom(
        components=[*parts.values(), *others],
        metadata=BomMetaData(component=opora, timestamp=made),
        serial_number=uuid5(NAMESPACE_URL, f"{version} {made.isoformat()} {RUN.read_text()}"),
    )
    for name, each in wanted.items():
        bom.register_dependency(parts[name], [parts[needed] for needed in _needs(each, wanted)])
    bom.register_dependency(opora, [*parts.values(), *others])
    text = str(JsonV1Dot6(bom).output_as_string(indent=2)) + "\n"
    from cyclonedx.validation.json import JsonStrictValidator  # seconds: licences need not wait

    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ReleaseError(f"The list of parts does not follow its schema: {fault}")
    return text


def _component(each: Licensed) -> Component:
    package = each.package
    purl = PackageURL("pypi", None, package.name, package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=purl.to_string(),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(each.expression)] if each.expression else [],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.sha256],
        description=f"only where {package.marker}" if package.marker else None,
    )


def _needs(each: Licensed, known: Container[str]) -> Iterator[str]:
    """The names of the packages that one needs here, as far as they are pinned."""
    metadata = each.package.metadata
    lines = (metadata.get_all("Requires-Dist") or ()) if metadata else ()
    for line in lines:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        marker = requirement.marker
        if name in known and (marker is None or marker.evaluate({"extra": ""})):
            yield name
