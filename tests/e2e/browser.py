"""Debian's Chromium, driven by Playwright, as one person at the console."""

from __future__ import annotations

import contextlib
import json
import pathlib
import shutil
import urllib.parse

from machine import lacks
from world import ROOT, World

AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
PHONE = {"viewport": {"width": 375, "height": 760}}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
WAIT = 15_000    # milliseconds, for whatever must come


class Visit:
    """A page with all that it asked for and complained of."""

    def __init__(self, context, world: World):
        self.world = world
        self.origin = f"http://{world.api[0]}:{world.api[1]}"
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.transferred = 0
        self._session = context.new_cdp_session(self.page)
        self._session.send("Network.enable")
        self._session.on("Network.loadingFinished", self._count)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self._complain(message))
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _count(self, event) -> None:
        self.transferred += int(event["encodedDataLength"])

    def _complain(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def open(self, where: str = "") -> "Visit":
        self.page.goto(f"{self.origin}/console/{where}", wait_until="networkidle")
        return self

    def sign_in(self, keys: tuple[str, str] | None = None) -> "Visit":
        if keys is None:
            values = self.world.environment()
            keys = values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]
        self.page.get_by_label("Access key ID").fill(keys[0])
        self.page.get_by_label("Secret access key").fill(keys[1])
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def strangers(self) -> list[str]:
        """What was asked of anybody but the server of the page."""
        return [url for url in self.requests if not url.startswith(self.origin + "/")
                and urllib.parse.urlsplit(url).scheme not in ("data", "blob")]

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=True)

    def see(self, text: str):
        found = self.page.get_by_text(text).first
        found.wait_for()
        return found


@contextlib.contextmanager
def chromium(folder: pathlib.Path):
    """A browser with a profile of its own, which ends with the context."""
    if shutil.which(CHROMIUM) is None:
        lacks("chromium is not installed")
    from playwright.sync_api import sync_playwright
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS,
                                             env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visit(browser, world: World, **options):
    """One tab in a context of its own: no cookie, cache or storage of another."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "UTC"}
                                     | options))
    try:
        yield Visit(context, world)
    finally:
        context.close()


def serious_findings(seen: Visit) -> list[dict]:
    """What axe-core finds to be a serious hindrance in the page as it is."""
    # What fades in has less contrast than it will have.
    session = seen.page.context.new_cdp_session(seen.page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    answer = session.send("Runtime.evaluate", {"awaitPromise": True, "returnByValue": True, "expression": """
        Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 60000)
            .map(one => one.finished.catch(() => null)))
        .then(() => axe.run(document, {resultTypes: ['violations']})).then(found => JSON.stringify(found.violations.map(
            one => ({id: one.id, impact: one.impact, help: one.help, at: one.nodes.map(node => node.html.slice(0, 200))}))))"""})
    found = json.loads(answer["result"]["value"])
    return [finding for finding in found if finding["impact"] in ("serious", "critical")]


def focused(page) -> list[str]:
    """Role and name of what has the keyboard."""
    return page.evaluate("""() => {
        const at = document.activeElement
        const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent
        return [at.getAttribute('role') ?? at.tagName.toLowerCase(), (label ?? '').trim()]
    }""")


def fits(seen: Visit, name: str, picture: pathlib.Path | None = None) -> None:
    """Nothing that axe calls serious, nothing wider than the screen; and a picture of the whole view where one is wanted."""
    seen.page.wait_for_load_state("networkidle")
    assert serious_findings(seen) == [], name
    wide, room = seen.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room, f"{name} is {wide} wide on a screen of {room}"
    if picture:
        seen.page.evaluate("window.scrollTo(0, 0)")
        seen.page.screenshot(path=picture, full_page=True, animations="disabled")


def tab_to(page, name: str, key: str = "Tab", most: int = 60) -> None:
    """With the keyboard to what has that name."""
    for _ in range(most):
        if focused(page)[1] == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{most} times {key} do not lead to {name!r}; now at {focused(page)}")
