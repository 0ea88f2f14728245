"""`init`: the operator's questions, the settings they make, and the first sealed letter."""
