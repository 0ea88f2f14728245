"""Pure: links between pages, and to pictures, as paths from the site's root, which can be printed
whole.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

# Neither a path from the root, nor a place in the same page, nor another site;
# Markdown writes the letters of mailto: as &#109; and so on.
_RELATIVE = re.compile(
    r'(<(?:a\b[^>]*?\shref|img\b[^>]*?\ssrc)=")(?![/#]|&#|[a-z][a-z0-9+.-]*:)([^"]+)(?=")'
)


def root_links(html: str, url: str) -> str:
    """A page that stands at the path `url`, with its relative links made whole paths."""
    return _RELATIVE.sub(lambda found: found[1] + urljoin(quote(url), found[2]), html)
