"""What stops a command of the operator."""


class CommandError(Exception):
    """A command stops before it has changed anything; the text says why, and how to go on."""
