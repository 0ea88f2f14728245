"""A site's facts, changed in a browser: the files stay what a person wrote."""
