"""Firefox and Chromium as people have them: a profile on the disk, and pages kept for „Назад“."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Error, Page

from tests.support.browser.marionette import Marionette
from tests.support.project import free_port, skip_or_fail
from tests.support.waiting import PATIENCE, wait_for

SAVED: Final = 4  # seconds after which both browsers have written their session


class Person(ABC):
    """Somebody with one of these browsers, who types and presses as people do."""

    between_pages: type[Exception]
    """What a script meets while one page goes and another comes."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    @abstractmethod
    def open(self, address: str) -> None: ...

    @abstractmethod
    def run(self, script: str) -> Any:
        """The value of an expression in the page."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None: ...

    @abstractmethod
    def press(self, selector: str) -> None: ...

    @abstractmethod
    def _back(self) -> None: ...

    def go_back(self) -> None:
        """Press „Назад“, and wait until the page is another one."""
        self.run("void (window.left = true)")
        self._back()
        self.until("!window.left")

    def until(self, condition: str) -> None:
        """Wait until an expression is true in the page, also while pages change."""
        wait_for(lambda: self._holds(condition), said=lambda: condition)

    def _holds(self, condition: str) -> bool:
        try:
            return bool(self.run(condition))
        except self.between_pages:
            return False


class InFirefox(Person, Marionette):
    """By Marionette, which changes no setting that a reader has."""

    between_pages = RuntimeError

    def __init__(self, profile: Path, port: int) -> None:
        Person.__init__(self, profile)
        Marionette.__init__(self, port)
        self._in("content")

    def _in(self, context: str) -> None:
        self._ask("Marionette:SetContext", {"value": context})

    def open(self, address: str) -> None:
        self._ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str) -> Any:
        code = {"script": f"return ({script})", "args": []}
        return self._ask("WebDriver:ExecuteScript", code)["value"]

    def write(self, selector: str, text: str) -> None:
        self._ask("WebDriver:ElementSendKeys", {"id": self._element(selector), "text": text})

    def press(self, selector: str) -> None:
        try:
            self._ask("WebDriver:ElementClick", {"id": self._element(selector)})
        except RuntimeError as error:
            if "error page" not in str(error):  # that nobody answers is looked at by the test
                raise

    def _element(self, selector: str) -> str:
        found = self._ask("WebDriver:FindElement", {"using": "css selector", "value": selector})
        return str(next(iter(found["value"].values())))

    def _back(self) -> None:
        self._in("chrome")
        self.script("gBrowser.goBack()")
        self._in("content")

    def quit(self) -> None:
        """As with the menu, so that the session is written."""
        self._ask("Marionette:Quit", {"flags": ["eAttemptQuit"]})
        self.close()


class InChromium(Person):
    between_pages = Error

    def __init__(self, profile: Path, page: Page) -> None:
        super().__init__(profile)
        self._page = page

    def open(self, address: str) -> None:
        self._page.goto(address)

    def run(self, script: str) -> Any:
        return self._page.evaluate(script)

    def write(self, selector: str, text: str) -> None:
        self._page.locator(selector).press_sequentially(text)

    def press(self, selector: str) -> None:
        self._page.locator(selector).click(no_wait_after=True)

    def _back(self) -> None:
        self.run("setTimeout(() => history.back())")


@contextmanager
def in_firefox(profile: Path, _: Browser, *, keeps_pages: bool = True) -> Iterator[InFirefox]:
    """A Firefox until the end of the block; afterwards all is written that it keeps."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        skip_or_fail("no Firefox here (make test installs it where it may)")
    port = free_port()
    settings: Mapping[str, str] = {
        "marionette.port": str(port),
        "remote.prefs.recommended": "false",
        "datareporting.policy.dataSubmissionEnabled": "false",
        "browser.sessionstore.interval": "500",  # milliseconds; people have 15 seconds
        # Marionette's own listeners would forbid to keep any page.
        "docshell.shistory.bfcache.allow_unload_listeners": "true",
        "browser.sessionhistory.max_total_viewers": "8" if keeps_pages else "0",
    }
    lines = [f'user_pref("{name}", {value});\n' for name, value in settings.items()]
    (profile / "user.js").write_text("".join(lines))
    command = [program, "--headless", "--marionette", "-remote-allow-system-access"]
    quiet = subprocess.DEVNULL
    command += ["--no-remote", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            person = InFirefox(profile, port)
            yield person
            person.quit()
            process.wait(PATIENCE)
        finally:
            process.kill()


@contextmanager
def in_chromium(
    profile: Path, browser: Browser, *, keeps_pages: bool = True
) -> Iterator[InChromium]:
    """A Chromium of its own, with the program that `browser` runs; none of Playwright's flags,
    which would keep no pages and fill in nothing."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    command = [program or browser.browser_type.executable_path, "--headless=new", "--no-sandbox"]
    command += [f"--user-data-dir={profile}", "--remote-debugging-port=0", "--no-first-run"]
    command += ["--disable-background-networking", "--password-store=basic"]
    command += [] if keeps_pages else ["--disable-features=BackForwardCache"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([*command, "about:blank"], stdout=quiet, stderr=quiet) as process:
        try:
            address, patience = _address(profile), PATIENCE * 1000
            connected = browser.browser_type.connect_over_cdp(address, timeout=patience)
            yield InChromium(profile, connected.contexts[0].pages[0])
            connected.new_browser_cdp_session().send("Browser.close")
            process.wait(PATIENCE)
        finally:
            process.kill()


def _address(profile: Path) -> str:
    """Where Chromium listens, which it writes into its profile."""
    file = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE
    while not file.exists() or not (said := re.match(r"\d+\n", file.read_text())):
        assert time.monotonic() < end, "Chromium does not start"
        time.sleep(0.05)
    return f"http://127.0.0.1:{said[0].strip()}"


BROWSERS: Final = {"firefox": in_firefox, "chromium": in_chromium}


def kept(profile: Path, words: Mapping[str, str]) -> dict[str, set[str]]:
    """Which of the words lie in which files of a profile, by their names."""
    found: dict[str, set[str]] = {}
    for path in profile.rglob("*"):
        try:
            data = path.read_bytes() if path.is_file() else b""
        except OSError:
            continue  # gone meanwhile
        if data.startswith(_MOZ_LZ4):
            data = unpacked(data[len(_MOZ_LZ4) + 4 :])  # the length stands before the block
        for name, word in words.items():
            if any(word.encode(code) in data for code in ("utf-8", "utf-16-le")):
                found.setdefault(name, set()).add(path.relative_to(profile).as_posix())
    return found


_MOZ_LZ4: Final = b"mozLz40\0"


def unpacked(block: bytes) -> bytes:
    """One block of LZ4 (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md)."""
    out, at = bytearray(), 0

    def length(of: int) -> int:
        nonlocal at
        while of >= 15 and (more := block[at]) is not None:
            at += 1
            of += more
            if more < 255:
                break
        return of

    while at < len(block):
        token = block[at]
        at += 1
        literals = length(token >> 4)
        out += block[at : at + literals]
        at += literals
        if at < len(block):  # the last sequence has literals alone
            back = int.from_bytes(block[at : at + 2], "little")
            at += 2
            for _ in range(length(token & 15) + 4):
                out.append(out[-back])
    return bytes(out)
