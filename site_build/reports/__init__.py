"""What waits for people: facts to ask for, to check, to confirm."""
