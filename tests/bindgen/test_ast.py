"""The syntax tree as JSON: a golden, and equality with webidl2.js over all the IDL of the web."""

from __future__ import annotations

import json
import os
import sys
import time
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import diagnostics  # noqa: E402
import npm  # noqa: E402
import source  # noqa: E402
from emit_ast import emit_ast, tree  # noqa: E402
from programs import parsed  # noqa: E402

CASE = HERE / "ast" / "every.idl"
GOLDEN = CASE.with_suffix(".json")
UPDATE = os.environ.get("CLEAT_UPDATE_GOLDENS") == "1"

# Reads the paths of files from stdin, and prints a line of JSON for each.
_PARSE = """
import { parse } from "webidl2";
import { readFileSync } from "node:fs";
for (const path of JSON.parse(readFileSync(0, "utf8"))) {
  console.log(JSON.stringify(parse(readFileSync(path, "utf8"))));
}
"""


def ours(path: Path) -> Any:
    sink = diagnostics.Sink()
    return tree(parsed([path], sink))


def normal(value: Any) -> Any:
    """The tree without what webidl2.js does not document: the key of a record has no `type`, where others have null."""
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, dict):
        missing = {"type": None} if "union" in value and value.get("type") is None else {}
        return {key: normal(item) for key, item in {**value, **missing}.items()}
    return value


class Golden(unittest.TestCase):
    def test_every_construct(self) -> None:
        sink = diagnostics.Sink()
        found = emit_ast(parsed([CASE], sink))
        self.assertEqual("", diagnostics.render(sink.sorted()))
        if UPDATE:
            GOLDEN.write_text(found, encoding="utf-8")
        self.assertEqual(GOLDEN.read_text(encoding="utf-8"), found)

    def test_files_follow_one_another(self) -> None:
        files = [source.SourceFile("a.idl", "enum A { \"a\" };"), source.SourceFile("b.idl", "enum B { \"b\" };")]
        definitions = json.loads(emit_ast(parsed(files, diagnostics.Sink())))
        self.assertEqual(["A", "B"], [definition["name"] for definition in definitions])


class Webidl2(unittest.TestCase):
    """webidl2.js says the same."""

    def setUp(self) -> None:
        self.modules = npm.modules(self, "webidl2")

    def theirs(self, paths: list[Path]) -> list[Any]:
        script = self.modules.parent / "parse.mjs"
        script.write_text(_PARSE, encoding="utf-8")
        output = npm.node(self.modules.parent, script, json.dumps([str(path) for path in paths]))
        return [json.loads(line) for line in output.splitlines()]

    def test_every_construct(self) -> None:
        self.assertEqual(normal(self.theirs([CASE])[0]), normal(ours(CASE)))

    def test_all_the_idl_of_the_web(self) -> None:
        folder = npm.modules(self, "@webref/idl") / "@webref" / "idl"
        paths = sorted(folder.glob("*.idl"))
        theirs = self.theirs(paths)
        start = time.perf_counter()
        trees = [ours(path) for path in paths]
        print(f"syntax trees of {len(paths)} files in {time.perf_counter() - start:.2f} s")
        self.assertGreater(len(paths), 300)
        for path, one, other in zip(paths, trees, theirs):
            with self.subTest(path.name):
                self.assertEqual(normal(other), normal(one))


if __name__ == "__main__":
    unittest.main()
