"""From the content folder to checked content, or to problems with file, line and sentence."""
