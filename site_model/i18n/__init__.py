"""Languages: which there are, their words, how texts are set for readers."""
