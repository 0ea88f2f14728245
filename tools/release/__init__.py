"""What goes out with a release: licences, list of parts, audit, archive. For developers."""
