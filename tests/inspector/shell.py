"""The shell with a debugger's server, as the tests run it."""

from __future__ import annotations

import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest
import urllib.request
from typing import Any, Optional

TOP = pathlib.Path(__file__).resolve().parents[2]
SHELL = str(TOP / os.environ.get("OUT", "out/release") / "cleat")

# Runs until it is told to end.
WAITING = "const timer = setInterval(() => {}, 10); globalThis.stop = () => clearInterval(timer); console.log('begun')"


class Shell:
    """A shell that runs a script, and where debuggers find it."""

    def __init__(self, test: unittest.TestCase, source: str = WAITING, option: str = "--inspect=0") -> None:
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.path = pathlib.Path(os.path.realpath(folder.name)) / "a b.js"
        self.path.write_text(source, encoding="utf-8")
        self.process = subprocess.Popen(
            [SHELL, option, "a b.js"],
            cwd=folder.name,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.finished: Optional[tuple[int, str, str]] = None
        test.addCleanup(self._end)
        assert self.process.stderr
        self.line = self.process.stderr.readline()
        match = re.fullmatch(r"Debugger listening on (ws://(.*):(\d+)/([-0-9a-f]{36}))\n", self.line)
        assert match, self.line
        self.url, self.host, port, self.id = match[1], match[2], match[3], match[4]
        self.port = int(port)

    def _end(self) -> None:
        self.process.kill()
        self.finish()

    def read_line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def finish(self) -> tuple[int, str, str]:
        """The exit status, and what else it has printed, when it has come to its end."""
        if self.finished is None:
            out, error = self.process.communicate(timeout=60)
            self.finished = self.process.returncode, out, error
        return self.finished

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The answer to an HTTP request."""
        request = urllib.request.Request(f"http://{self.host}:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def get_json(self, path: str) -> Any:
        status, body = self.get(path)
        assert status == 200, body
        return json.loads(body)

    def request(self, text: bytes) -> bytes:
        """What is answered to bytes that may be no request, until the connection is closed or silent for a second."""
        answer = b""
        with socket.create_connection((self.host, self.port), timeout=30) as connection:
            connection.sendall(text)
            connection.settimeout(0.3)
            try:
                while more := connection.recv(1 << 16):
                    answer += more
            except (socket.timeout, ConnectionResetError):
                pass
        return answer


def run(*arguments: str) -> tuple[int, Optional[str]]:
    done = subprocess.run([SHELL, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr
