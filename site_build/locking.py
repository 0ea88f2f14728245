"""One writer at a time in a project: two builds at once would mix their pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_build.errors import BuildError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def only_writer(lock: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the file `lock`; raises BuildError where somebody else does, unless it is to `wait`.

    The kernel holds it (flock(2)) and lets go when the process ends, however that comes: no lock
    is ever left behind. On NFS it counts on all machines since Linux 2.6.12, if the mount has
    locking; on Windows it is not there.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not wait:
                    raise BuildError(
                        "В същата папка вече върви друга направа на сайта. Изчакайте я да свърши "
                        "и пуснете тази отново."
                    ) from None
                print("В същата папка върви направа на сайта. Чакам я да свърши …", flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
