"""TypeScript declarations: goldens for each construct, and what the real tsc makes of them."""

from __future__ import annotations

import os
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import npm  # noqa: E402
from emit_dts import emit_dts  # noqa: E402
from link import library_path  # noqa: E402
from programs import checked, linked  # noqa: E402
from source import Imported, SourceFile  # noqa: E402

CASES = HERE / "dts"
UPDATE = os.environ.get("CLEAT_UPDATE_GOLDENS") == "1"
STRICT = ("--noEmit", "--strict", "--target", "es2022", "--lib", "es2022")


class Goldens(unittest.TestCase):
    """Each .idl in dts/ gives exactly the .d.ts beside it."""

    def test_goldens(self) -> None:
        for path in sorted(CASES.glob("*.idl")):
            with self.subTest(path.name):
                found = emit_dts(checked(self, path), [path.name])
                golden = path.with_suffix(".d.ts")
                if UPDATE:
                    golden.write_text(found, encoding="utf-8")
                self.assertEqual(golden.read_text(encoding="utf-8"), found)


class TypeScript(unittest.TestCase):
    """The declarations under tsc --strict."""

    def setUp(self) -> None:
        self.modules = npm.modules(self, "typescript")

    def tsc(self, *arguments: str) -> None:
        status, output = npm.run(self.modules, ".bin/tsc", *STRICT, *arguments)
        self.assertEqual("", output)
        self.assertEqual(0, status)

    def test_right_scripts_pass_and_wrong_ones_do_not(self) -> None:
        declarations = [str(path) for path in sorted(CASES.glob("*.d.ts"))]
        self.tsc(*declarations, str(CASES / "good.ts"), str(CASES / "bad.ts"))

    def test_declarations_of_all_the_idl_here(self) -> None:
        top = HERE.parent.parent
        samples = sorted(path.parent for path in (top / "samples").glob("*/*.idl"))
        for folder in (top / "idl", HERE / "cases", top / "tests" / "behaviour", *samples):
            for path in sorted(set(folder.glob("*.idl")) - {library_path("prelude")}):
                with self.subTest(path.name):
                    program = checked(self, path)
                    target = self.modules.parent / f"{folder.name}_{path.stem}.d.ts"
                    target.write_text(emit_dts(program, [path.name]), encoding="utf-8")
                    # What it uses of Cleat's own was declared before: idl/ comes first.
                    used = {Path(module.file.path).stem for module in program.modules if module.file.imported}
                    self.tsc(str(target), *(str(self.modules.parent / f"idl_{name}.d.ts") for name in sorted(used)))

    def test_a_set_extends_what_the_other_has_no_constructor_for(self) -> None:
        """Which scripts cannot extend."""
        base = SourceFile("base.idl", "interface Lock { undefined open(); };", imported=Imported("base"))
        more = SourceFile("more.idl", "interface Door : Lock { constructor(); }; interface Gate : Door {}; interface Bar : Lock {};")
        texts = {"base": emit_dts(checked(self, SourceFile("base.idl", base.text)), ["base.idl"])}
        texts["more"] = emit_dts(checked(self, more, base), ["more.idl"])
        files = [self.modules.parent / f"{name}.d.ts" for name in texts]
        for path, text in zip(files, texts.values()):
            path.write_text(text, encoding="utf-8")
        use = self.modules.parent / "use.ts"
        use.write_text("new Door().open(); declare const bar: Bar; bar.open();\n// @ts-expect-error\nclass Mine extends Lock {}\n")
        self.tsc(*map(str, (*files, use)))

    def test_declarations_of_all_the_web(self) -> None:
        files = npm.webref(self)
        program = linked(files)
        start = time.perf_counter()
        text = emit_dts(program, ["webref"])
        print(f"declarations of {len(files)} files in {time.perf_counter() - start:.2f} s")
        path = self.modules.parent / "webref.d.ts"
        path.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        self.tsc(str(path))
        print(f"tsc of {text.count(chr(10))} lines in {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    unittest.main()
