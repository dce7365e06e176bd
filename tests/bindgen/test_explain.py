"""--explain: a golden, which members a pattern means, and that every member of Cleat's own IDL can be explained."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(TOP / "bindgen"))

from layout import one_line  # noqa: E402
from programs import linked, run_bindgen  # noqa: E402

GARDEN = HERE / "stubs" / "garden.idl"
GOLDEN = HERE / "stubs" / "garden.explain.txt"
UPDATES = bool(os.environ.get("CLEAT_UPDATE_GOLDENS"))


def explain(member: str, *files: Path) -> subprocess.CompletedProcess[str]:
    return run_bindgen("--explain", member, *files)


class Explain(unittest.TestCase):
    maxDiff = None

    def test_golden(self) -> None:
        done = explain("*", GARDEN)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        if UPDATES:
            GOLDEN.write_text(done.stdout, encoding="utf-8")
        self.assertEqual(GOLDEN.read_text(encoding="utf-8"), done.stdout)

    def test_one_member(self) -> None:
        text = explain("Plant.water", GARDEN).stdout
        self.assertEqual(text.count("(operation)"), 1)
        self.assertTrue(text.startswith("Plant.water (operation)\n"))

    def test_a_member_that_is_not_there(self) -> None:
        done = explain("Plant.sing", GARDEN)
        self.assertEqual((done.stdout, done.returncode), ("", 1))
        self.assertIn("'Plant.sing'", done.stderr)

    def test_arguments_that_are_two_in_c(self) -> None:
        text = explain("Sink.write", HERE / "cases" / "array.idl").stdout
        for line in ("data, double* and size_t: ", "dataLength, uint32_t: ToNumber", "names, const CleatString* and size_t: "):
            self.assertIn(f". {line}", text)

    def test_every_member_of_the_idl_of_cleat(self) -> None:
        for idl in sorted((TOP / "idl").glob("*.idl")):
            if idl.stem != "prelude":
                done = explain("*", idl)
                self.assertEqual((done.stderr, done.returncode), ("", 0))
                lines = set(done.stdout.splitlines())
                members = [m for i in linked([idl]).interfaces.values() for m in i.members if m.span.file.path == str(idl)]
                self.assertEqual([m.name for m in members if f"    {one_line(m.span.text)}" not in lines], [])


if __name__ == "__main__":
    unittest.main()
