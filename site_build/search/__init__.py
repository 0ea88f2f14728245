"""The search: its index and what the page script needs of a language."""
