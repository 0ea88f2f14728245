"""What can go wrong between facts and site, beyond the facts themselves."""


class BuildError(Exception):
    """The site cannot be built; the text says what to mend, a line for each thing."""
