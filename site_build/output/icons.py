"""The icons that browsers ask for by themselves, drawn from the one that the pages name.

A web server notes in its log of errors who asks for a file that is not there. That somebody
was here at all is their own matter, so nothing that browsers ask for unbidden is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final, cast

import typst

from site_build.project import PACKAGE

APPLE_SIZES: Final = {"": 180, "-120x120": 120, "-152x152": 152, "-167x167": 167, "-180x180": 180}
"""Pixels by what telephones and tablets of Apple put behind the name."""
FAVICON_SIZES: Final = (16, 32, 48)

_DRAWING: Final = "opora.svg"
_GROUND: Final = 'rgb("#1d5c55")'
"""Of the drawing; Apple's devices would show the corners, which it leaves open, as black."""


def icon_files() -> Mapping[str, bytes]:
    """The files by the names at the root of a site under which browsers look for them."""
    from PIL import Image  # takes longer to load than it works

    compiler = typst.Compiler(root=PACKAGE / "theme" / "assets", ignore_system_fonts=True)

    def drawn(pixels: int, ground: str) -> bytes:
        page = f"#set page(width: 1in, height: 1in, margin: 0in, fill: {ground})"
        source = f'{page}\n#image("{_DRAWING}", width: 100%)'.encode()
        return cast(bytes, compiler.compile(source, format="png", ppi=pixels))

    files: dict[str, bytes] = {}
    for name, pixels in APPLE_SIZES.items():
        icon = drawn(pixels, _GROUND)
        files |= {f"apple-touch-icon{name}{kind}.png": icon for kind in ("", "-precomposed")}
    several = BytesIO()
    largest = max(FAVICON_SIZES)
    with Image.open(BytesIO(drawn(largest, "none"))) as image:
        image.save(several, "ICO", sizes=[(size, size) for size in FAVICON_SIZES])
    return files | {"favicon.ico": several.getvalue()}
