"""Photographs that a person chooses from the computer, until they stand among the facts."""
