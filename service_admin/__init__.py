"""The operator's side of the contact service: begin it, check it, watch it, keep it."""
