"""The same site with plain MkDocs, and with other engines."""
