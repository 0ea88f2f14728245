"""Facts as plain words, the same on pages, on paper and in data."""
