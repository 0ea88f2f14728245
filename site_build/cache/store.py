"""What one build leaves for the next.

It serves „nothing changed“ and „papers kept from before“ in docs/development/measurements/build.md.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from site_build.atomic_writing import write_whole

_MARK = sha256().digest_size


class Store:
    """Values in a folder, each under a key that names all that it depends on; `made_by` stands for
    the code that made them.

    A file that is not there just as it was written is no value, and neither is one whose class is
    gone. Values are plain ones of Python where neither `made_by` nor the key names all code.
    """

    def __init__(self, folder: Path, made_by: str) -> None:
        self._folder = folder
        self._made_by = made_by
        self._used: set[str] = set()

    def get(self, key: str) -> Any:
        """The value, or None."""
        with suppress(Exception):  # a pickle of another version may raise any
            written = self._file(key).read_bytes()
            mark, data = written[:_MARK], written[_MARK:]
            if mark == sha256(data).digest():
                return pickle.loads(data)  # noqa: S301 - written below
        return None

    def put(self, key: str, value: Any) -> None:
        """Keep a value; another process sees all of it or nothing."""
        data = pickle.dumps(value, protocol=5)
        write_whole(self._file(key), sha256(data).digest() + data)

    def forget_unused(self, used: Iterable[str] = (), spare: int = 0) -> None:
        """Remove what this process neither asked for nor kept, but the `spare` newest.

        `used` are keys that other processes asked for.
        """
        names = self._used.union(map(self._name, used))
        unused = [path for path in self._folder.rglob("*") if path.name not in names]
        for path in sorted(filter(Path.is_file, unused), key=_age)[: -spare or None]:
            path.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        name = self._name(key)
        self._used.add(name)
        return self._folder / name

    def _name(self, key: str) -> str:
        return sha256(f"{self._made_by}\n{key}".encode()).hexdigest()[:32]


def _age(file: Path) -> float:
    with suppress(FileNotFoundError):  # another build tidies up as well
        return file.stat().st_mtime
    return 0


class CompiledTemplates(BytecodeCache):
    """Compiled templates; Jinja holds each against its source before it is used."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._store.get(bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._store.put(bucket.key, bucket.bytecode_to_string())
