"""--emit json: a golden, and that it says of every member what the header does."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(TOP / "bindgen"))

from programs import run_bindgen  # noqa: E402

GOLDEN = HERE / "stubs" / "garden.json"
UPDATES = bool(os.environ.get("CLEAT_UPDATE_GOLDENS"))


def made(idl: Path, *options: str) -> tuple[str, str]:
    """The JSON and the header of a file."""
    with tempfile.TemporaryDirectory() as folder:
        extras: list[list[str]] = [[], ["--emit", "json"]]
        for extra in extras:
            done = run_bindgen("--out", folder, *options, *extra, idl)
            assert done.returncode == 0, done.stderr
        texts = [(Path(folder) / f"{idl.stem}{suffix}").read_text(encoding="utf-8") for suffix in (".json", ".h")]
        return texts[0], texts[1]


class Model(unittest.TestCase):
    maxDiff = None

    def test_golden(self) -> None:
        text, _ = made(HERE / "stubs" / "garden.idl")
        if UPDATES:
            GOLDEN.write_text(text, encoding="utf-8")
        self.assertEqual(GOLDEN.read_text(encoding="utf-8"), text)

    def test_every_hook_is_declared_by_the_header(self) -> None:
        for idl in sorted((HERE / "cases").glob("*.idl")):
            with self.subTest(idl.name):
                text, header = made(idl)
                declared = " ".join(header.split())
                members = [m for d in json.loads(text)["definitions"] if "c" in d for m in d["members"]]
                for member in members:
                    hooks = member["hooks"]
                    outside = "ImplementedAs" in member["idl"] or "[Default]" in member["idl"]
                    if member["kind"] == "operation" and not outside:
                        self.assertTrue(hooks, member)
                    for hook in hooks:
                        if "ImplementedAs" not in member["idl"]:
                            self.assertIn(f"{hook['prototype']};", declared)

    def test_a_mixin_is_carried_out_by_each_interface_that_includes_it(self) -> None:
        text, _ = made(HERE / "cases" / "mixin.idl")
        for definition in json.loads(text)["definitions"]:
            for member in definition["members"] if "c" in definition else []:
                self.assertLessEqual(len(member["hooks"]), 2, member)


if __name__ == "__main__":
    unittest.main()
