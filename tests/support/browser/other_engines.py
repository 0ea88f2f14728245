"""Browsers with an engine other than Chromium's: Firefox, and WebKit, the engine of Safari."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.project import ROOT, skip_or_fail
from tests.support.waiting import wait_for

NODE = ROOT / "tests" / "node"


class Visitor(ABC):
    """A reader with one of these browsers; what it can do is the same with each of them."""

    between_pages: type[Exception]
    """What a script meets while one page goes and another comes."""

    @abstractmethod
    def open(self, address: str) -> None: ...

    @abstractmethod
    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body returns in the page."""

    @abstractmethod
    def press(self, selector: str) -> None:
        """Click what is on the screen."""

    @abstractmethod
    def write(self, selector: str, text: str) -> None: ...

    def click(self, selector: str) -> None:
        # WebKit's driver does not always find by itself what lies below the screen.
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.press(selector)

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def until(self, condition: str) -> None:
        """Wait until an expression is true in the page, also while pages change."""
        wait_for(lambda: self._holds(condition), said=lambda: condition)

    def _holds(self, condition: str) -> bool:
        try:
            return bool(self.run(f"return ({condition})"))
        except self.between_pages:
            return False


@contextmanager
def firefox(_folder: Path) -> Iterator[Visitor]:
    """Firefox by WebDriver BiDi, through Puppeteer."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program or not (NODE / "node_modules" / "puppeteer-core").exists():
        skip_or_fail("no Firefox or no Puppeteer here (make test installs them where it may)")
    command = ["node", "firefox.mjs", program]
    with subprocess.Popen(
        command, cwd=NODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Puppeteer(process)
        assert process.stdin is not None
        process.stdin.close()


class PuppeteerError(Exception):
    """What the browser answered instead of a result."""


class Puppeteer(Visitor):
    """Asks `firefox.mjs` in lines of JSON."""

    between_pages = PuppeteerError

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def open(self, address: str) -> None:
        self._ask("open", address)

    def run(self, script: str, *arguments: Any) -> Any:
        return self._ask("run", script, *arguments)

    def press(self, selector: str) -> None:
        self._ask("click", selector)

    def write(self, selector: str, text: str) -> None:
        self._ask("write", selector, text)

    def _ask(self, *words: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(words), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise PuppeteerError(answer["error"])
        return answer.get("result")


@contextmanager
def webkit(folder: Path) -> Iterator[Visitor]:
    """WebKitGTK by WebDriver, on a screen that nobody sees."""
    service = shutil.which("WebKitWebDriver")
    program = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)
    if not service or not program or not shutil.which("Xvfb"):
        skip_or_fail("no WebKit here (make test installs it where it may)")
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver import WebKitGTK
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    options = Options()
    options.binary_location = str(program)
    options.add_argument("--automation")
    with hidden_screen() as screen:
        # A home of its own: what the browser keeps is the test's.
        env = os.environ | {"DISPLAY": screen, "HOME": str(folder), "GDK_BACKEND": "x11"}
        browser = WebKitGTK(options=options, service=Service(service, env=env))
        try:
            yield Selenium(browser, WebDriverException)
        finally:
            browser.quit()


class Selenium(Visitor):
    """Asks a browser of Selenium."""

    def __init__(self, browser: Any, between_pages: type[Exception]) -> None:
        self._browser = browser
        self.between_pages = between_pages

    def open(self, address: str) -> None:
        self._browser.get(address)

    def run(self, script: str, *arguments: Any) -> Any:
        return self._browser.execute_script(script, *arguments)

    def press(self, selector: str) -> None:
        self._browser.find_element("css selector", selector).click()

    def write(self, selector: str, text: str) -> None:
        self._browser.find_element("css selector", selector).send_keys(text)


@contextmanager
def hidden_screen() -> Iterator[str]:
    """The name of an X display in memory; the server draws a free number itself."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        yield f":{server.stdout.readline().strip()}"
    finally:
        server.terminate()
        server.communicate()


ENGINES: dict[str, Callable[[Path], Any]] = {"firefox": firefox, "webkit": webkit}
