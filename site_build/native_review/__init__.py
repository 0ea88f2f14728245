"""The kit for native readers: one spreadsheet a language, written, read back and applied."""
