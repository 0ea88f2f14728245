"""From facts to the finished site, in plain stages.

content → `pages` (Markdown files per language in `build/`) → `engine` (MkDocs, the only
module that knows it) → `finish` (every link checked, unused files removed, `site/` swapped).
"""
