"""Which pages there are, and their Markdown."""
