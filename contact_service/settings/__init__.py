"""The operator's settings and the files that they name."""
