"""Opening hours: their syntax, their rules, and what they mean on a day."""
