"""From Markdown to finished, checked HTML."""
