"""[Exposed]: what the global object does not have is nowhere, in whatever is made of a program."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

from diagnostics import Sink  # noqa: E402
from expose import expose  # noqa: E402
from programs import linked, run_bindgen  # noqa: E402
from source import SourceFile  # noqa: E402

CASE = HERE / "cases" / "exposed.idl"
# What exposed.idl has for workers only.
HIDDEN = ["inWorkers", "LIMIT", "ofPart", "mixedIntoWorkers", "ofWorkers", "unseen", "Unused", "workers", "LOUD", "workOn"]
# What stays, as types or members.
SHOWN = ["everywhere", "hidden", "mixedIn", "Hidden", "Base", "Listener", "listen"]


class Exposure(unittest.TestCase):
    def setUp(self) -> None:
        self.out = Path(tempfile.mkdtemp(prefix="cleat-expose-"))
        self.addCleanup(shutil.rmtree, self.out)

    def bindgen(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return run_bindgen("--out", self.out, *arguments)

    def idl(self, text: str, name: str = "it.idl") -> Path:
        path = self.out / name
        path.write_text(text, encoding="utf-8")
        return path

    def made(self, *arguments: object) -> str:
        """What is written, without comments on what the file is."""
        before = set(self.out.iterdir())
        run = self.bindgen(*arguments)
        self.assertEqual((run.stderr, run.returncode), ("", 0))
        return run.stdout + "".join(path.read_text() for path in set(self.out.iterdir()) - before)

    def test_every_back_end_leaves_the_same_out(self) -> None:
        for emit in ("dts", "md", "json"):
            with self.subTest(emit):
                text = self.made("--expose", "Page", "--emit", emit, CASE)
                self.assertEqual([name for name in HIDDEN if name in text], [])
                self.assertEqual([name for name in SHOWN if name not in text], [])
        lists: List[List[str]] = [[], ["--emit", "stubs"], ["--explain", "*"]]
        for arguments in lists:
            with self.subTest(arguments):
                text = self.made("--expose", "Page", *arguments, CASE)
                for name in ("shown_in_workers", "of_part", "into_workers", "of_workers", "unseen", "unused", "workers_start"):
                    self.assertNotIn(name, text)
                self.assertIn("shown_everywhere", text)

    def test_the_test_of_ones_own_idl_looks_for_what_is_hidden(self) -> None:
        text = self.made("--expose", "Page", "--emit", "test", CASE)
        for call in (
            'absent("", "Hidden");',
            'absent("", "Listener");',
            'absent("", "workOn");',
            'absent("Shown", "LIMIT");',
            'absent("Shown", "ofPart", { onPrototype: true });',
        ):
            self.assertIn(call, text)
        self.assertNotIn('interfaceObject("Hidden"', text)

    def test_what_is_left_out_is_noted_where_no_name_was_given(self) -> None:
        idl = self.idl("[Exposed=Window] interface A { [Exposed=Window] undefined f(); };")
        run = self.bindgen(idl)
        self.assertEqual(run.returncode, 0)
        self.assertIn("it.idl:1:2: note[not-exposed]: this is not exposed to CleatGlobalScope", run.stderr)
        self.assertIn("'--expose Window'", run.stderr)
        self.assertEqual(run.stderr.count("note["), 1)
        self.assertNotIn("a_f(", (self.out / "it.h").read_text())
        self.assertIn("a_f(", self.made("--expose", "Window", "--name", "other", idl))
        self.assertEqual(self.bindgen("--expose", "Worker", idl).stderr, "")

    def test_names_that_are_exposed_are_known(self) -> None:
        idl = self.idl("[Exposed=(Window,Worker)] interface A {};")
        self.assertEqual(self.bindgen("--globals", "Worker", "--expose", "Window", idl).stderr, "")
        self.assertIn("error[exposed-name]", self.bindgen("--globals", "Worker", "--expose", "Wndow", idl).stderr)

    def test_what_does_not_say_is_exposed_where_the_global_object_is(self) -> None:
        for interface, expected in (("[Exposed=Window] interface A {};", 0), ("[Exposed=Worker] interface A {};", 1)):
            idl = self.idl(f"{interface} interface B : A {{}};")
            self.assertEqual(self.bindgen("--check", "--expose", "Window", idl).returncode, expected)

    def test_a_program_of_which_all_is_exposed_stays_as_it_is(self) -> None:
        program = linked([SourceFile("a.idl", "[Exposed=*] interface A { [Exposed=Page] undefined f(); };")])
        self.assertIs(expose(program, {"Page"}, Sink()), program)
        self.assertIsNot(expose(program, set(), Sink()), program)

    def test_imported_types(self) -> None:
        base = self.idl(
            "[Exposed=Worker] interface Used { undefined f(); }; [Exposed=Worker] interface Unused {};\n"
            "[Exposed=*] interface User { readonly attribute Used used; };\n",
            "base.idl",
        )
        uses = "[Exposed=*] interface More : User {{ undefined take({} one); }};"
        text = self.made("--expose", "Page", "--import", base, self.idl(uses.format("Used")))
        self.assertIn("void more_take(More* self, Used* one);", text)
        run = self.bindgen("--expose", "Page", "--import", base, self.idl(uses.format("Unused")))
        self.assertEqual(run.returncode, 1)
        self.assertIn("it.idl:1:52: error[not-exposed]: 'Unused' is not exposed", run.stderr)
        self.assertIn("base.idl:1:80: note: declared here", run.stderr)

    def test_what_needs_an_attribute_that_is_not_exposed(self) -> None:
        """It has a function of its own for what that would give."""
        inherits = "interface A { [Exposed=Worker] readonly attribute long x; }; interface B : A { inherit attribute long x; };"
        counts = "interface A { [Exposed=Worker] readonly attribute unsigned long length; getter long (unsigned long i); };"
        for text, hook in ((inherits, "int32_t b_get_x(B* self);"), (counts, "uint32_t a_get_length(A* self);")):
            run = self.bindgen("--expose", "Page", self.idl(text.replace("interface", "[Exposed=*] interface")))
            self.assertEqual((run.stderr, run.returncode), ("", 0))
            self.assertIn(f"\n{hook}\n", (self.out / "it.h").read_text(encoding="utf-8"))

    def test_changes_are_those_that_the_global_object_has(self) -> None:
        members = "undefined f(); [Exposed=Worker] undefined g(); [Exposed=Worker] undefined h();"
        old = self.idl(f"[Exposed=*] interface A {{ {members} }};", "old.idl")
        new = self.idl(f"[Exposed=*] interface A {{ {members.replace(' [Exposed=Worker] undefined h();', '')} }};", "new.idl")
        unseen, seen = (self.bindgen("--expose", name, "--diff", old, new) for name in ("Page", "Worker"))
        self.assertEqual((unseen.stdout, unseen.returncode), ("0 breaking, 0 may break, 0 compatible\n", 0))
        self.assertIn("breaking: A.h: operation was removed", seen.stdout)
        lines: List[str] = self.bindgen("--diff", old, new).stdout.splitlines()
        self.assertEqual(lines, ["0 breaking, 0 may break, 0 compatible"])


if __name__ == "__main__":
    unittest.main()
