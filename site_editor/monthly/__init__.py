"""What there is to do for a centre, as a text."""
