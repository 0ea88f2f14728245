"""Opening hours as the table of a week, which staff fill in without any syntax."""
