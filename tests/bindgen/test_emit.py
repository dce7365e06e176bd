"""--emit and --diff on the command line: what is written, what is not, and the exit status."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import diagnostics  # noqa: E402
import link  # noqa: E402
from api_diff import api_diff, render  # noqa: E402
from check import check  # noqa: E402
from emitters import EMITTERS, OF_MODEL, OF_MODULES, OF_PROGRAM  # noqa: E402
from lower import lower  # noqa: E402
from naming import Naming  # noqa: E402
from programs import parsed, run_bindgen as bindgen  # noqa: E402


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.out = Path(tempfile.mkdtemp(prefix="cleat-emit-"))
        self.addCleanup(shutil.rmtree, self.out)

    def idl(self, text: str, name: str = "it.idl") -> Path:
        path = self.out / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def made(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir() if path.suffix != ".idl")


class Emit(Folder):
    def test_each_emitter_writes_one_file_named_by_the_set(self) -> None:
        source = self.idl("[Exposed=*] interface A {};")
        for name, emitter in EMITTERS.items():
            with self.subTest(name):
                run = bindgen("--emit", name, "--name", "app", "--out", self.out / name, source)
                self.assertEqual(("", "", 0), (run.stdout, run.stderr, run.returncode))
                self.assertEqual([f"app{emitter.suffix}"], [path.name for path in (self.out / name).iterdir()])

    def test_errors_keep_every_emitter_from_writing(self) -> None:
        source = self.idl("interface A {")
        for name in EMITTERS:
            with self.subTest(name):
                run = bindgen("--emit", name, "--out", self.out, source)
                self.assertEqual(1, run.returncode)
                self.assertIn("error[syntax]", run.stderr)
                self.assertEqual([], self.made())

    def test_names_need_not_mean_anything_in_a_syntax_tree(self) -> None:
        source = self.idl("interface A : B { attribute C c; };")
        self.assertEqual(1, bindgen("--emit", "dts", "--out", self.out, source).returncode)
        self.assertEqual(0, bindgen("--emit", "ast", "--out", self.out, source).returncode)
        self.assertEqual("B", json.loads((self.out / "it.ast.json").read_text())[0]["inheritance"])

    def test_the_depfile_names_the_output(self) -> None:
        source = self.idl("enum A { \"a\" };")
        bindgen("--emit", "dts", "--out", self.out, "--depfile", self.out / "it.d", source)
        self.assertTrue((self.out / "it.d").read_text().startswith(f"{self.out}/it.d.ts: {source} "))

    def test_a_name_is_no_path_out_of_the_folder(self) -> None:
        for name in ("../escaped", "a/b", "1st"):
            run = bindgen("--name", name, "--out", self.out, self.idl("interface A {};"))
            self.assertEqual(2, run.returncode)
            self.assertIn(f"--name must begin with a letter, and is no path: {name}", run.stderr)

    def test_unknown_emitters_are_refused(self) -> None:
        run = bindgen("--emit", "cobol", self.idl(""))
        self.assertEqual(2, run.returncode)
        self.assertIn("invalid choice: 'cobol'", run.stderr)


class Diff(Folder):
    def test_status_is_1_if_scripts_break(self) -> None:
        old = self.idl("[Exposed=*] interface A { undefined f(); };", "old.idl")
        new = self.idl("[Exposed=*] interface A { undefined f(long x); };", "new.idl")
        run = bindgen("--diff", old, new)
        change = f"breaking: A.f: argument 1 (x) was added, and is required ({old}:1:37, {new}:1:37)"
        expected = f"{change}\n1 breaking, 0 may break, 0 compatible\n"
        self.assertEqual((expected, "", 1), (run.stdout, run.stderr, run.returncode))

    def test_status_is_0_if_they_do_not(self) -> None:
        old = self.idl("[Exposed=*] interface A { undefined f(); };", "old.idl")
        new = self.idl("[Exposed=*] interface A { undefined f(optional long x); };", "new.idl")
        self.assertEqual(0, bindgen("--diff", old, new).returncode)

    def test_status_is_2_if_there_are_errors(self) -> None:
        old = self.idl("[Exposed=*] interface A {};", "old.idl")
        for broken in (self.idl("interface", "new.idl"), self.out / "missing.idl"):
            run = bindgen("--diff", old, broken)
            self.assertEqual(("", 2), (run.stdout, run.returncode))
            self.assertIn("error[", run.stderr)

    def test_folders_are_compared_as_a_whole(self) -> None:
        self.idl("[Exposed=*] interface A {};", "old/a.idl")
        self.idl("[Exposed=*] interface B : A {};", "old/b.idl")
        self.idl("[Exposed=*] interface B : A {}; [Exposed=*] interface A {};", "new/all.idl")
        run = bindgen("--diff", self.out / "old", self.out / "new")
        self.assertEqual(("0 breaking, 0 may break, 0 compatible\n", "", 0), (run.stdout, run.stderr, run.returncode))


class Robustness(unittest.TestCase):
    def test_every_right_program_of_the_other_tests_can_be_emitted(self) -> None:
        count = 0
        for path in sorted(HERE.glob("*/*.idl")):
            sink = diagnostics.Sink()
            modules = parsed([path], sink)
            program = link.link(modules, sink)
            check(program, sink)
            if not sink.has_errors:
                count += 1
                with self.subTest(path.name):
                    texts = [emitter.emit(modules) for emitter in OF_MODULES.values()]
                    texts += [emitter.emit(program, "it", [path.name]) for emitter in OF_PROGRAM.values()]
                    model = lower(program, Naming("it"), [path.name], sink)
                    if not sink.has_errors:
                        texts += [emitter.emit(program, model) for emitter in OF_MODEL.values()]
                    texts.append(render(api_diff(program, program)))
                    self.assertTrue(all(text.endswith("\n") for text in texts))
        self.assertGreater(count, 50)


if __name__ == "__main__":
    unittest.main()
