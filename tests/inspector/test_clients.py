"""Clients that others have written: "node inspect", npm's chrome-remote-interface, and Chromium. Where one is not there, its
tests skip and say so."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from typing import IO, Callable

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/bindgen"), str(TOP / "bindgen")]
import npm

from devtools import Client
from shell import Shell

SCRIPT = """\
function add(a, b) {
  const sum = a + b;
  return sum;
}
let total = 0;
for (const i of [1, 2, 3]) {
  total = add(total, i);
}
console.log('total', total);
"""

REMOTE_INTERFACE = """\
const CDP = require('chrome-remote-interface');
const [port, url] = process.argv.slice(2);
(async () => {
  const [target] = await CDP.List({ port });
  console.log(target.type, (await CDP.Version({ port })).Browser.split('/')[0]);
  const client = await CDP({ port, local: true });
  const { Debugger, Runtime, Profiler, HeapProfiler } = client;
  const next = (event) => new Promise((resolve) => client.once(event, resolve));
  Runtime.consoleAPICalled(({ type, args }) => console.log(type, ...args.map((each) => each.value)));
  let chunks = 0;
  HeapProfiler.addHeapSnapshotChunk(() => chunks++);
  await Promise.all([Debugger.enable(), Runtime.enable(), Profiler.enable()]);
  const started = next('Debugger.paused');
  await Runtime.runIfWaitingForDebugger();
  console.log((await started).reason);
  await Debugger.setBreakpointByUrl({ url, lineNumber: 1 });
  const paused = next('Debugger.paused');
  await Profiler.start();
  await Debugger.resume();
  const [frame] = (await paused).callFrames;
  const { result } = await Debugger.evaluateOnCallFrame({ callFrameId: frame.callFrameId, expression: 'a + b * 10' });
  console.log(frame.functionName, result.value);
  const stepped = next('Debugger.paused');
  await Debugger.stepOver();
  console.log((await stepped).callFrames[0].location.lineNumber);
  await HeapProfiler.takeHeapSnapshot();
  console.log(chunks > 0, (await Profiler.stop()).profile.nodes.length > 0);
  const ended = new Promise((resolve) => client.once('disconnect', resolve));
  await Debugger.disable();
  await ended;
})().catch((error) => { console.error(error); process.exit(1) });
"""


def find_command(test: unittest.TestCase, *names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    test.skipTest(f"no {names[0]} here")


class NodeTest(unittest.TestCase):
    def read_until(self, output: IO[str], text: str) -> str:
        seen = ""
        while text not in seen:
            more = output.read(1)
            self.assertTrue(more, f"no {text!r} in {seen!r}")
            seen += more
        return seen

    def test_node_inspect(self) -> None:
        node = find_command(self, "node")
        shell = Shell(self, SCRIPT, "--inspect-brk=0")
        with subprocess.Popen(
            [node, "inspect", f"127.0.0.1:{shell.port}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(os.environ, NO_COLOR="1", TERM="dumb"),
        ) as process:
            self.addCleanup(process.kill)
            assert process.stdin and process.stdout
            self.read_until(process.stdout, "Break on start in")
            for command, expected in (
                ("sb(2)", "const sum"),
                ("cont", "break in"),
                ("exec('a + b * 10')", "10"),
                ("next", "> 3"),
                ("bt", "#0 add"),
                ("cont", "break in"),
                ("cont", "break in"),
            ):
                process.stdin.write(command + "\n")
                process.stdin.flush()
                self.read_until(process.stdout, expected)
            process.stdin.write("cont\n")
            process.stdin.flush()
            self.assertEqual(shell.read_line(), "total 6\n")
            process.stdin.close()
            process.kill()
        self.assertEqual(shell.finish()[0], 0)


class RemoteInterfaceTest(unittest.TestCase):
    def test_chrome_remote_interface(self) -> None:
        node = find_command(self, "node")
        modules = npm.modules(self, "chrome-remote-interface")
        shell = Shell(self, SCRIPT, "--inspect-brk=0")
        url = "file://" + str(shell.path).replace(" ", "%20")
        done = subprocess.run(
            [node, "-", str(shell.port), url],
            input=REMOTE_INTERFACE,
            cwd=modules.parent,
            capture_output=True,
            text=True,
            timeout=120,
        )
        expected = "node Cleat\nBreak on start\nadd 10\n2\ntrue true\nlog total 6\n"
        self.assertEqual((done.stdout, done.stderr, done.returncode), (expected, "", 0))


class Chromium:
    """A browser without a window, which is driven by its own DevTools protocol."""

    def __init__(self, test: unittest.TestCase, find: str = "") -> None:
        """`find` is where chrome://inspect is to look for runtimes."""
        command = find_command(test, "chromium", "chromium-browser", "google-chrome")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-chromium-"))
        test.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        (folder / "Default").mkdir()
        preferences = {"devtools": {"discover_tcp_targets": True, "tcp_discovery_config": [find]}}
        (folder / "Default" / "Preferences").write_text(json.dumps(preferences), encoding="utf-8")
        options = "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"
        self.process = subprocess.Popen(
            [command, *options, f"--user-data-dir={folder}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        test.addCleanup(self._end)
        port = folder / "DevToolsActivePort"
        if not wait_for(lambda: port.exists() and port.read_text()):
            test.skipTest("chromium does not start here")
        self.port = port.read_text().split()[0]

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()

    def find_page(self, url: str) -> str:
        """The WebSocket URL of the page whose own begins with `url`; "" for none."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/list", timeout=30) as answer:
            pages = [each for each in json.load(answer) if each["type"] == "page" and each["url"].startswith(url)]
        return str(pages[0]["webSocketDebuggerUrl"]) if pages else ""


def wait_for(condition: Callable[[], object]) -> bool:
    """Whether a condition comes to hold within a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


class ChromiumTest(unittest.TestCase):
    def test_a_page_of_another_origin_may_not_connect(self) -> None:
        chromium = Chromium(self)
        shell = Shell(self)
        with Client(chromium.find_page("about:blank")) as page:
            code = f"""new Promise((resolve) => {{
              const socket = new WebSocket('{shell.url}');
              socket.onopen = () => resolve('opened');
              socket.onerror = () => resolve('refused');
            }})"""
            self.assertEqual(page.evaluate(code, awaitPromise=True), "refused")
            code = f"fetch('http://127.0.0.1:{shell.port}/json').then((r) => r.text(), () => 'refused')"
            self.assertEqual(page.evaluate(code, awaitPromise=True), "refused")
        with Client(shell.url) as client:
            self.assertEqual(client.evaluate("6 * 7"), 42)

    def test_chrome_inspect_and_devtools(self) -> None:
        shell = Shell(self, SCRIPT, "--inspect-brk=0")
        chromium = Chromium(self, f"127.0.0.1:{shell.port}")
        with Client(chromium.find_page("about:blank")) as page:
            page.ask("Page.enable")
            page.ask("Page.navigate", url="chrome://inspect/#devices")
            title = json.dumps(str(shell.path))
            self.assertTrue(wait_for(lambda: page.evaluate(f"document.body.innerText.includes({title})")))
            page.evaluate("[...document.querySelectorAll('.action')].find((e) => e.textContent === 'inspect' && e.offsetParent).click()")
            self.assertTrue(wait_for(lambda: chromium.find_page("devtools://")))
        # DevTools attaches, and has the script run to its first statement.
        with Client(chromium.find_page("devtools://")) as frontend:
            self.assertTrue(wait_for(lambda: "Debugger paused" in str(frontend.evaluate(SHOWN_TEXT))))
            self.assertTrue(wait_for(lambda: "const sum = a + b;" in str(frontend.evaluate(SHOWN_TEXT))))
            # F8 resumes.
            for kind in "rawKeyDown", "keyUp":
                frontend.ask("Input.dispatchKeyEvent", type=kind, key="F8", code="F8", windowsVirtualKeyCode=119)
            self.assertEqual(shell.read_line(), "total 6\n")


# The text of a page, with that in its shadow trees.
SHOWN_TEXT = """(() => {
  const parts = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.data);
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  return parts.join('');
})()"""


if __name__ == "__main__":
    unittest.main()
