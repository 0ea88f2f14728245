"""Every text in more than one language: what is missing, wrong or to be reviewed."""
