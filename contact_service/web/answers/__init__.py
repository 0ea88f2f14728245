"""Answers: a centre leaves them here, and anyone who wrote reads them here."""
