"""Headless Chromium, driven through a pipe in its own protocol, so that nothing but the browser must be installed."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE = 60.0
# Chromium talks through descriptors 3 and 4. A shell would do, but dash knows none above 9.
_WITH_PIPES = """
import os, sys
ours = [os.dup(int(each)) for each in sys.argv[1:3]]
for descriptor, place in zip(ours, (3, 4)):
    os.dup2(descriptor, place)
    os.set_inheritable(place, True)
os.execv(sys.argv[3], sys.argv[3:])
"""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str | None:
    """The path of a Chromium, or None where there is none."""
    return next((path for path in map(shutil.which, _NAMES) if path), None)


class Chromium:
    """One browser with one page. `complaints` are what its console and its security policy reported, the missing
    favicon of a page without one left out."""

    def __init__(self, path: str) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="pacta-browser-", ignore_cleanup_errors=True)
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _WITH_PIPES,
                str(theirs_in),
                str(theirs_out),
                path,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                f"--user-data-dir={self._home.name}",
                "--remote-debugging-pipe",
                "about:blank",
            ],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._out, self._in = os.fdopen(ours_out, "wb", 0), os.fdopen(ours_in, "rb", 0)
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session: str | None = None
        self.complaints: list[str] = []
        self._events: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._out.close()
        self._in.close()
        self._home.cleanup()

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and wait for its answer."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def size(self, width: int, height: int, *, phone: bool = False, scale: float = 1) -> None:
        """The size of the window in CSS pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone
        )

    def cookie(self, address: str, name: str, value: str) -> None:
        """Set a cookie for an address."""
        self.send("Network.setCookie", url=address, name=name, value=value)

    def open(self, address: str) -> None:
        """Go to an address and wait until it has loaded."""
        self._events.clear()
        self.send("Page.navigate", url=address)
        limit = time.monotonic() + PATIENCE
        while "Page.loadEventFired" not in self._events:
            if time.monotonic() > limit:
                raise TimeoutError(address)
            self.send("Runtime.evaluate", expression="1")
        self.evaluate("new Promise(done => setTimeout(done, 300))")

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page (a promise is awaited)."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def until(self, script: str) -> Any:
        """Wait until an expression in the page holds; its value."""
        limit = time.monotonic() + PATIENCE
        while not (value := self.evaluate(script)):
            if time.monotonic() > limit:
                raise TimeoutError(script)
            self.evaluate("new Promise(done => setTimeout(done, 50))")
        return value

    def leave(self, script: str) -> None:
        """Do what leads to another page, and wait until that one is there."""
        self.evaluate("window.before = true")
        self.evaluate(script)
        self.until("window.before !== true && document.readyState === 'complete'")

    def press(self, letter: str, *, code: str = "") -> None:
        """Press a key, as a keyboard does; `code` is its place where the layout has another letter there."""
        about = {"key": letter, "code": code or f"Key{letter.upper()}"}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=letter, **about)
        self.send("Input.dispatchKeyEvent", type="keyUp", **about)

    def attach(self, where: str, file: Path) -> None:
        """Choose a file, as a person does."""
        field = self.send("Runtime.evaluate", expression=f"document.querySelector({where!r})")
        self.send("DOM.setFileInputFiles", files=[str(file)], objectId=field["result"]["objectId"])

    def text(self, where: str) -> str:
        """The words that are seen there."""
        return str(self.evaluate(f"document.querySelector({where!r}).innerText"))

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Save what is seen, or the whole page, as PNG."""
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = self._in.read(65536)
            if not read:
                raise RuntimeError("the browser has gone")
            self._rest += read
        message, self._rest = self._rest.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        self._note(answer)
        return answer

    def _note(self, answer: dict[str, Any]) -> None:
        method, about = answer.get("method"), answer.get("params", {})
        if method:
            self._events.append(method)
        if method == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
            told = f"{about['entry']['text']} {about['entry'].get('url', '')}"
            self.complaints += [told] if "favicon" not in told else []
        if method == "Runtime.exceptionThrown":
            thrown = about["exceptionDetails"]
            self.complaints.append(thrown.get("exception", {}).get("description") or thrown.get("text", "exception"))
        if method == "Runtime.consoleAPICalled" and about["type"] in ("error", "assert"):
            self.complaints.append(" ".join(str(each.get("value", each.get("description"))) for each in about["args"]))
        if method == "Page.javascriptDialogOpening":
            self.complaints.append(f"a dialog opened: {about.get('message', '')}")
            self._session and self._out.write(
                json.dumps(
                    {
                        "id": 0,
                        "method": "Page.handleJavaScriptDialog",
                        "params": {"accept": True},
                        "sessionId": self._session,
                    }
                ).encode()
                + b"\0"
            )
