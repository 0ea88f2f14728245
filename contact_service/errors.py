"""What stops a command of the operator, and what may be said of an error."""

from site_model.text.system_errors import reason_of

ADMIN = "python -m service_admin"
"""The operator's commands, as sentences name them."""


class CommandError(Exception):
    """A command stops before it has changed anything; the text says why, and how to go on."""


class OwnWords(Exception):  # noqa: N818 - it is what an error has, not an error of its own
    """Its text is ours and holds no answer, address or secret: logs and alarms may say it."""


def file_and_reason(error: OSError) -> str:
    """Which file it is, if it is one, and what the system says."""
    reason = reason_of(error)
    return f"{error.filename}: {reason}" if error.filename is not None else reason
