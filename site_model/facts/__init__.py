"""What centres say of themselves, and what all centres share."""
