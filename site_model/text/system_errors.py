"""What the system says when a file cannot be read or written, for people."""

from __future__ import annotations

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOSPC: "на диска няма място. Освободете място и опитайте пак",
    errno.EDQUOT: "мястото, което ви е отпуснато на диска, свърши. Освободете място",
    errno.EFBIG: "файлът става по-голям, отколкото е позволено на този компютър",
    errno.EACCES: "нямате право. Пуснете командата като потребителя, на когото е папката",
    errno.EPERM: "нямате право. Пуснете командата като потребителя, на когото е папката",
    errno.EROFS: "дискът е само за четене",
    errno.ENOENT: "няма такъв файл или папка",
    errno.EISDIR: "това е папка, а тук трябва да е файл. Преместете я",
    errno.ENOTDIR: "това е файл, а тук трябва да е папка. Преместете го",
    errno.EEXIST: "на това място вече има нещо друго. Преместете го",
    errno.ENAMETOOLONG: "името е твърде дълго",
    errno.EMFILE: "отворени са твърде много файлове",
    errno.EIO: "дискът не отговаря",
}


def reason_of(error: OSError) -> str:
    """Why, and what to do, in Bulgarian where we have words for it; without a full stop."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
