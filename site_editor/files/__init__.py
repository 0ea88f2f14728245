"""The files of the facts: changed where only what is meant moves, kept whole, and taken back."""
