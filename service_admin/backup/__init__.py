"""`backup` and `restore`: letters that wait, settings, keys and secrets as one closed file."""
