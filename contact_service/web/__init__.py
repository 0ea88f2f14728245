"""The web process: receives a posted form and answers it."""
