"""Packages of npm for tests that compare with them. Where npm cannot fetch them, such tests skip and say so.

Each is installed once per run, into a folder that goes away with it.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
import unittest
from functools import lru_cache
from pathlib import Path

import source

# Versions are pinned, so that a test fails when the project changes and not when the world does.
_PACKAGES = {
    "@webref/idl": "3.85.0",
    "chrome-remote-interface": "0.34.0",
    "typescript": "7.0.2",
    "webidl2": "24.5.0",
}

# What the specifications of the web use and no IDL of them defines.
_NOT_IN_WEBREF = """
typedef DOMString CSSOMString;
typedef Window WindowProxy;
typedef DOMMatrix SVGMatrix;
typedef DOMPoint SVGPoint;
typedef DOMRect SVGRect;
"""


def modules(test: unittest.TestCase, package: str) -> Path:
    """The node_modules folder with a package; skips the test where there is none."""
    folder, reason = _install(package)
    if reason:
        test.skipTest(f"npm cannot install {package}: {reason}")
    return folder / "node_modules"


@lru_cache(maxsize=None)
def _install(package: str) -> tuple[Path, str]:
    """The folder that a package was installed in, and why it was not, if it was not."""
    folder = Path(tempfile.mkdtemp(prefix="cleat-npm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "package.json").write_text("{}", encoding="utf-8")
    quietly = ("--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1")
    try:
        done = subprocess.run(
            ["npm", "install", *quietly, f"{package}@{_PACKAGES[package]}"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return folder, str(error)
    reasons = [*done.stderr.splitlines(), "it does not say why"]
    return folder, reasons[0] if done.returncode else ""


def run(folder: Path, command: str, *arguments: str) -> tuple[int, str]:
    """The exit status and the output of a program in node_modules."""
    done = subprocess.run(
        [str(folder / command), *arguments], cwd=folder, capture_output=True, text=True, timeout=600
    )
    return done.returncode, done.stdout + done.stderr


def node(folder: Path, script: Path, text: str) -> str:
    """What a script prints that is given the text on its standard input."""
    done = subprocess.run(
        ["node", str(script)], cwd=folder, input=text, check=True, capture_output=True, text=True, timeout=600
    )
    return done.stdout


def webref(test: unittest.TestCase) -> list[source.SourceFile]:
    """All the IDL of the web, and the little that is missing from it."""
    folder = modules(test, "@webref/idl") / "@webref" / "idl"
    files = [source.load(str(path)) for path in sorted(folder.glob("*.idl"))]
    return [*files, source.SourceFile("missing.idl", _NOT_IN_WEBREF)]
