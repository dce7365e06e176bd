"""Runs each cases/NAME.js in the shell; it must print NAME.out, and NAME.err on standard error.

The shell is $OUT/cleat (out/release/cleat without OUT). With --update, what is printed becomes what is expected:
review the difference.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
CASES = TOP / "tests/js/cases"
SHELL = TOP / os.environ.get("OUT", "out/release") / "cleat"


def run(case: pathlib.Path) -> tuple[str, str, int]:
    """Returns what a case prints, its times made equal, and its exit status."""
    # From its own folder, so that stack traces name it alike everywhere.
    done = subprocess.run(
        [str(SHELL), case.name], cwd=CASES, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False
    )
    out = re.sub(rb"\d+\.\d{3}ms", b"0.000ms", done.stdout)
    return out.decode("utf-8"), done.stderr.decode("utf-8"), done.returncode


def read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def update(case: pathlib.Path) -> None:
    out, err, _ = run(case)
    for suffix, text in ((".out", out), (".err", err)):
        path = case.with_suffix(suffix)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


class Cases(unittest.TestCase):
    maxDiff = None

    def check(self, case: pathlib.Path) -> None:
        out, err, status = run(case)
        self.assertEqual(out, read(case.with_suffix(".out")))
        self.assertEqual(err, read(case.with_suffix(".err")))
        self.assertEqual(status, 0)
        # What hostile.js's getters, traps and methods would print.
        self.assertNotIn("RAN", out)


def add_tests() -> None:
    for case in sorted(CASES.glob("*.js")):
        setattr(Cases, f"test_{case.stem}", lambda self, case=case: self.check(case))


add_tests()

if __name__ == "__main__":
    if "--update" in sys.argv:
        for each in sorted(CASES.glob("*.js")):
            update(each)
    else:
        unittest.main()
