"""An empty Debian machine that really boots: debootstrap's root, systemd, a network of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from tests.support.machine.registry_proxy import registry_proxy
from tests.support.project import skip_or_fail
from tests.support.waiting import PATIENCE

PROXY_PORT = 3128
NEEDED = ("debootstrap", "systemd-nspawn", "nsenter")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "opora"
"""Where what is the same for every run is kept: the empty root, Debian's and Python's packages."""


@dataclass(frozen=True)
class Done:
    code: int
    said: str


@dataclass
class Machine:
    """A booted machine: its files below `root`, its first process as seen from outside."""

    root: Path
    leader: int

    def file(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def begin(self, command: str) -> subprocess.Popen[str]:
        """Type a command into root's shell on the machine; its answers are still to come."""
        inside = ["nsenter", "--target", str(self.leader), "--all", "--"]
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        login = ["env", "-i", path, "HOME=/root", "LANG=C.UTF-8", "sh", "-euc", command]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*inside, *login], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )

    def run(self, command: str, *, answers: str = "") -> Done:
        """Type a command, and its answers; wait for its end."""
        with self.begin(command) as typed:
            said, _ = typed.communicate(answers, timeout=400)
        return Done(typed.returncode, said)

    def do(self, command: str, *, answers: str = "") -> str:
        """The same, for what has to succeed; returns what it said."""
        done = self.run(command, answers=answers)
        assert done.code == 0, f"{command}\n{done.said}\n{self.journal()}"
        return done.said

    def wait(self, until: Callable[[], bool], what: str, log: Callable[[], str]) -> None:
        """Look twice a second; fails with what was said when nothing comes for too long."""
        end = time.monotonic() + PATIENCE
        while not until():
            assert time.monotonic() < end, f"{what}\n{log()}\n{self.journal()}"
            time.sleep(0.5)

    def journal(self) -> str:
        return self.run("journalctl --no-pager --lines 60").said


@contextmanager
def empty_machine(hosts: list[str]) -> Iterator[Machine]:
    """Boot a machine that knows the `hosts` as itself; it is gone when the block ends."""
    if os.geteuid() != 0:
        skip_or_fail("an empty machine needs root")
    if missing := [tool for tool in NEEDED if shutil.which(tool) is None]:
        skip_or_fail(f"not installed: {', '.join(missing)} (make test installs them where it may)")
    with _folder() as root:
        subprocess.run(["tar", "-xf", _empty_root(), "-C", root], check=True)
        _furnish(root, hosts)
        with _booted(root) as leader:
            machine = Machine(root, leader)
            _wait_until_up(machine)  # its first process gets its network only while it begins
            with registry_proxy(leader, PROXY_PORT):
                yield machine


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for hundreds of thousands of files, which `rm` removes sooner than Python.

    In memory where there is plenty: some disks take minutes to forget so many.
    """
    memory = Path("/dev/shm")  # noqa: S108 - of root alone, as the folder of tests is
    plenty = memory.is_dir() and min(shutil.disk_usage(memory).free, _free_memory()) > 8 << 30
    folder = Path(mkdtemp(prefix="opora-machine-", dir=memory if plenty else None))
    try:
        yield folder
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", folder], check=True)


def _free_memory() -> int:
    """In bytes."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) << 10


def _sources() -> list[str]:
    """Debian's own package sources of this machine, as lines for another one, or of the release
    that OPORA_DEBIAN names (`trixie`).
    """
    form = "$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    found = dict.fromkeys(line for line in listed.splitlines() if line.endswith(" main Debian"))
    lines = [f"deb {line.removesuffix(' Debian')}" for line in found]
    if (wanted := os.environ.get("OPORA_DEBIAN")) and lines:
        here = lines[0].split()[2]
        lines = [line.replace(f" {here}", f" {wanted}") for line in lines]
    return lines


def _empty_root() -> Path:
    """debootstrap's smallest root with systemd, of the Debian release that is wanted."""
    sources = _sources()
    if not sources:
        skip_or_fail("apt here knows no Debian")
    _, mirror, release, _ = sources[0].split()
    packed = CACHE / f"empty-{release}.tar"
    if not packed.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="opora-root-") as folder:
            options = ["--variant=minbase", "--include=systemd-sysv,dbus"]
            subprocess.run(
                ["debootstrap", *options, release, f"{folder}/root", mirror],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            beside = packed.with_suffix(".new")
            subprocess.run(["tar", "-cf", beside, "-C", f"{folder}/root", "."], check=True)
            beside.rename(packed)
    return packed


def _furnish(root: Path, hosts: list[str]) -> None:
    """What a hoster sets up: package sources, names, and here the way to the registries."""
    files = {
        "etc/apt/sources.list": "\n".join(_sources()) + "\n",
        "etc/apt/apt.conf.d/01proxy": f'Acquire::http::Proxy "http://127.0.0.1:{PROXY_PORT}";\n',
        "etc/hostname": "opora\n",
        "etc/hosts": f"127.0.0.1 localhost opora {' '.join(hosts)}\n",
        "etc/pip.conf": _pip_settings(),
        # Debian's containers keep no packages; the cache of the test does.
        "etc/apt/apt.conf.d/02keep": 'Binary::apt-get::APT::Keep-Downloaded-Packages "1";\n',
    }
    for name, text in files.items():
        (root / name).write_text(text)
    # The kernel is this machine's: Debian 13 would fail to load modules into it.
    (root / "etc/systemd/system/systemd-modules-load.service").symlink_to("/dev/null")
    (root / "etc" / "resolv.conf").unlink(missing_ok=True)
    for name in ("certificates", "pip"):
        (root / "mnt" / name).mkdir()


def _pip_settings() -> str:
    index = subprocess.run(
        ["pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    ).stdout.strip()
    index = os.environ.get("PIP_INDEX_URL") or index
    lines = [
        "[global]",
        f"proxy = http://127.0.0.1:{PROXY_PORT}",
        "cert = /mnt/certificates/ca-certificates.crt",
        "cache-dir = /mnt/pip",
        *([f"index-url = {index}"] if index else []),
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def _booted(root: Path) -> Iterator[int]:
    """Boot, and give the number of the machine's first process."""
    kept = {CACHE / "apt": "/var/cache/apt/archives", CACHE / "pip": "/mnt/pip"}
    for folder in kept:
        (folder / "partial").mkdir(parents=True, exist_ok=True)
    binds = [f"--bind={folder}:{place}" for folder, place in kept.items()]
    command = [
        "systemd-nspawn",
        "--boot",
        "--quiet",
        f"--directory={root}",
        f"--machine=opora-{os.getpid()}",
        "--register=no",
        "--keep-unit",
        "--private-network",
        "--resolv-conf=off",
        "--console=pipe",
        # systemd counts on them to shut a unit's network (IPAddressDeny=).
        "--capability=all",
        "--system-call-filter=bpf",
        "--bind-ro=/etc/ssl/certs:/mnt/certificates",
        *binds,
    ]
    environment = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
    quiet = subprocess.DEVNULL
    nspawn = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment)
    leader = nspawn.pid
    try:
        leader = _child(nspawn)
        yield leader
    finally:
        os.kill(leader, signal.SIGKILL)  # with the first process all others of the machine end
        nspawn.wait(timeout=PATIENCE)


def _child(process: subprocess.Popen[bytes]) -> int:
    """The machine's first process: systemd-nspawn's helper, which comes before it, soon ends."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    ours, end = Path("/proc/self/ns/pid").readlink(), time.monotonic() + PATIENCE
    while True:
        for child in children.read_text().split():
            with suppress(OSError):
                if Path(f"/proc/{child}/ns/pid").readlink() != ours:
                    return int(child)
        if process.poll() is not None or time.monotonic() > end:
            skip_or_fail("systemd-nspawn cannot start a machine here")
        time.sleep(0.05)


def _wait_until_up(machine: Machine) -> None:
    end = time.monotonic() + PATIENCE
    while (said := machine.run("systemctl is-system-running || true").said.strip()) != "running":
        assert said != "degraded", machine.run("systemctl --failed").said
        assert time.monotonic() < end, said
        time.sleep(0.3)
