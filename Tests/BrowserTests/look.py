"""Looks at pages in a real Chromium and prints what is wrong with them, one problem a line.

    look.py pages URL TOKEN FOLDER PATH…    each in light and dark, wide and on a phone,
                                            with and without scripts; screenshots into FOLDER
    look.py live URL TOKEN PATH WORD PORT   the open page shows the word without a reload; that it
                                            is open is told to the ledger at that port
    look.py scroll URL TOKEN PATH WORD      the page of a long log opens, and its end is reached
    look.py sign-in URL LINK                the one-time link signs in, once
"""

import importlib.util
import pathlib
import socket
import sys
import time

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import sync_playwright

SIZES = {"wide": (1440, 900), "tablet": (768, 1024), "phone": (375, 812)}
LIMIT_MS = 20_000
# axe-core, the rules of WCAG 2.0 to 2.2 A and AA and its own best practice.
AXE = pathlib.Path(importlib.util.find_spec("axe_playwright_python").origin).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def main():
    verb, *arguments = sys.argv[1:]
    verbs = {"pages": pages, "live": live, "scroll": scroll, "sign-in": sign_in}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        try:
            problems = list(verbs[verb](browser, *arguments))
        finally:
            browser.close()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def pages(browser, url, token, folder, *paths):
    for scheme in ("light", "dark"):
        for size in SIZES:
            with_script = context(browser, token, scheme, size)
            for path in paths:
                name = f"{path.strip('/').replace('/', '-') or 'home'}-{scheme}-{size}.png"
                yield from page(with_script, url, path, pathlib.Path(folder) / name)
            with_script.close()
    for size in SIZES:
        without = context(browser, token, "light", size, scripts=False)
        for path in paths:
            for problem in page(without, url, path, None):
                yield f"without JavaScript: {problem}"
        without.close()


def context(browser, token, scheme="light", size="wide", scripts=True):
    width, height = SIZES[size]
    return browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        extra_http_headers={"authorization": f"Bearer {token}"} if token else {},
    )


def page(within, url, path, picture):
    """One page, with what the browser itself complains of."""
    view = within.new_page()
    problems = []
    view.on("console", lambda said: said.type in ("error", "warning")
            and problems.append(f"the console says: {said.text}"))
    view.on("pageerror", lambda error: problems.append(f"a script failed: {error}"))
    view.on("request", lambda request: request.url.startswith((url, "data:", "blob:"))
            or problems.append(f"it asks a stranger: {request.url}"))
    view.on("response", lambda answer: answer.status >= 400
            and problems.append(f"{answer.status} for {answer.url}"))
    # A page that listens for events is never idle: what counts is that it is loaded.
    answer = view.goto(url + path, wait_until="load", timeout=LIMIT_MS)
    policy = answer.headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy and "default-src 'self'" not in policy:
        problems.append(f"its content security policy is loose: {policy!r}")
    if "unsafe-inline" in policy or "unsafe-eval" in policy:
        problems.append(f"its content security policy allows inline code: {policy!r}")
    if not view.title().strip():
        problems.append("it has no title")
    if not view.locator("main").inner_text().strip():
        problems.append("its main part is empty")
    widths = view.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if widths[0] > widths[1]:
        problems.append(f"it is {widths[0]} px wide on a screen of {widths[1]} px")
    if picture:
        problems += barriers(view)
        view.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        problems += [f"with details open, {barrier}" for barrier in barriers(view)]
        view.evaluate("document.querySelectorAll('details').forEach(part => part.open = false)")
        picture.parent.mkdir(parents=True, exist_ok=True)
        view.screenshot(path=picture, full_page=True)
    view.close()
    return [f"{path}: {problem}" for problem in problems]


def barriers(view):
    """What keeps somebody from using the page, by axe-core."""
    view.evaluate(AXE.read_text())
    found = view.evaluate(
        "rules => axe.run({ runOnly: { type: 'tag', values: rules } })", RULES
    )["violations"]
    for violation in found:
        places = ", ".join(str(node["target"][0]) for node in violation["nodes"][:3])
        yield f"axe finds {violation['id']} ({violation['help']}) at {places}"


def live(browser, url, token, path, word, port):
    view = context(browser, token).new_page()
    loads = []
    view.on("load", lambda: loads.append(1))
    view.goto(url + path, wait_until="load", timeout=LIMIT_MS)
    if word in view.locator("main").inner_text():
        yield f"{path} shows {word!r} too early"
    with socket.create_connection(("127.0.0.1", int(port))) as ledger:
        ledger.sendall(b"open\n")
    try:
        view.wait_for_function(
            "word => document.querySelector('main').innerText.includes(word)",
            arg=word,
            timeout=LIMIT_MS,
        )
    except Late:
        yield f"{path} never showed {word!r}"
    if len(loads) > 1:
        yield f"{path} was loaded {len(loads)} times"


def scroll(browser, url, token, path, word):
    view = context(browser, token).new_page()
    begin = time.monotonic()
    view.goto(url + path, wait_until="load", timeout=LIMIT_MS)
    if time.monotonic() - begin > 10:
        yield f"{path} took {time.monotonic() - begin:.0f} s to open"
    deadline = time.monotonic() + LIMIT_MS / 1000
    while time.monotonic() < deadline:
        view.keyboard.press("End")
        if word in view.locator("main").inner_text():
            return
        view.wait_for_timeout(100)
    yield f"{path} never scrolled to {word!r}"


def sign_in(browser, url, link):
    first = context(browser, None).new_page()
    first.goto(link, wait_until="load", timeout=LIMIT_MS)
    for button in first.locator("form button[type=submit], form button:not([type])").all()[:1]:
        button.click()
        first.wait_for_load_state("load")
    if "/login" in first.url:
        yield f"the link did not sign in: {first.url}"
    second = context(browser, None).new_page()
    second.goto(link, wait_until="load", timeout=LIMIT_MS)
    for button in second.locator("form button[type=submit], form button:not([type])").all()[:1]:
        button.click()
        second.wait_for_load_state("load")
    if "/login" not in second.url:
        yield "the link signed in twice"


if __name__ == "__main__":
    sys.exit(main())
