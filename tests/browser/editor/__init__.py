"""The editor of facts in a real browser."""
