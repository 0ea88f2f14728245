"""Sealed mails that wait, in SQLite or PostgreSQL."""
