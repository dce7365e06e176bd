"""What bindgen writes: expected files for each construct, which compile; when it writes; and what it says when it does not.

CLEAT_UPDATE_GOLDENS=1 writes the expected files anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List, Set

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(TOP / "bindgen"))

from programs import natives_that_do_not_look, run_bindgen as bindgen, options  # noqa: E402

CASES = HERE / "cases"
BINDGEN = TOP / "bindgen" / "bindgen.py"
UPDATES = bool(os.environ.get("CLEAT_UPDATE_GOLDENS"))
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.out = Path(tempfile.mkdtemp(prefix="cleat-bindgen-"))
        self.addCleanup(shutil.rmtree, self.out)

    def idl(self, text: str, name: str = "it.idl") -> Path:
        path = self.out / name
        path.write_text(text, encoding="utf-8")
        return path

    def generated(self) -> List[str]:
        return sorted(path.name for path in self.out.iterdir() if path.suffix in (".c", ".h"))

    def compile(self, compiler: List[str], path: Path, *includes: Path) -> None:
        folders = [f"-I{folder}" for folder in (*includes, TOP / "runtime" / "include", TOP / "generated")]
        command = [*compiler, *WARNINGS, *folders, str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)


class Goldens(Folder):
    """One test a case: see below."""

    maxDiff = None

    def check_case(self, idl: Path) -> None:
        run = bindgen(*options(idl), "--out", self.out, idl)
        self.assertEqual(run.returncode, 0, run.stderr)
        for suffix in (".h", ".c"):
            text = (self.out / f"{idl.stem}{suffix}").read_text(encoding="utf-8")
            expected = idl.with_suffix(suffix)
            if UPDATES:
                expected.write_text(text, encoding="utf-8")
            self.assertEqual(text, expected.read_text(encoding="utf-8"))
        self.assertEqual(natives_that_do_not_look(text), [])
        for compiler in (["cc", "-std=gnu11"], ["cc", "-std=c11"]):
            self.compile(compiler, self.out / f"{idl.stem}.c", self.out)
        self.compile(["c++", "-std=c++17", "-x", "c++"], self.out / f"{idl.stem}.h", self.out)

    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
    def test_output_is_formatted(self) -> None:
        files = [str(path) for folder in (CASES, TOP / "generated") for path in sorted(folder.rglob("*.[ch]"))]
        command = ["clang-format", "--dry-run", "-Werror", *files]
        run = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)


def _golden(idl: Path) -> None:
    def test(self: Goldens) -> None:
        self.check_case(idl)

    setattr(Goldens, f"test_{idl.stem}", test)


for _case in sorted(CASES.glob("*.idl")):
    _golden(_case)


class Generated(Folder):
    def test_what_is_committed_is_what_bindgen_writes(self) -> None:
        subprocess.run([str(TOP / "bindgen" / "regenerate.sh"), str(self.out)], check=True)
        fresh = {str(path.relative_to(self.out)): path.read_text() for path in self.out.rglob("*.[ch]")}
        committed = TOP / "generated"
        stored = {str(path.relative_to(committed)): path.read_text() for path in committed.rglob("*.[ch]")}
        self.assertEqual(sorted(fresh), sorted(stored))
        for name, text in fresh.items():
            self.assertEqual(text, stored[name], f"{name} is stale: run bindgen/regenerate.sh")

    def test_two_sets_go_together(self) -> None:
        text = "interface Thing { Promise<sequence<long>> numbers(sequence<sequence<long>> grid, Function f); };"
        first, second = self.idl(text, "one.idl"), self.idl(text, "two.idl")
        for prefix, idl in (("one", first), ("two", second)):
            self.assertEqual(bindgen("--prefix", prefix, "--out", self.out, idl).stderr, "")
        both = self.out / "both.c"
        both.write_text('#include "one.h"\n#include "two.h"\n')
        self.compile(["cc", "-std=c11"], both, self.out)
        symbols = []
        for name in ("one", "two"):
            includes = [f"-I{folder}" for folder in (TOP / "runtime" / "include", TOP / "generated")]
            compiled = self.out / f"{name}.o"
            subprocess.run(["cc", "-c", *includes, "-o", str(compiled), str(self.out / f"{name}.c")], check=True)
            listing = subprocess.run(["nm", "-g", "--defined-only", str(compiled)], capture_output=True, text=True, check=True)
            symbols.append({line.split()[-1] for line in listing.stdout.splitlines()})
        self.assertTrue(symbols[0])
        self.assertEqual(symbols[0] & symbols[1], set())


class Imports(Folder):
    """Sets that use what others declare."""

    BASE = """
        enum Color { "red", "green" };
        dictionary Point { double x = 0; sequence<Shape> shapes; Color color = "green"; };
        callback Visit = undefined (Shape shape);
        typedef (Shape or DOMString) ShapeOrName;
        interface mixin Named { attribute DOMString name; };
        interface Shape { constructor(); readonly attribute double area; Promise<Shape> later(); };
        partial interface CleatGlobalScope { long baseFunction(); };
    """
    MORE = """
        dictionary Solid : Point { double z = 0; };
        interface Circle : Shape {
          inherit attribute double area;
          attribute Color color;
          Point center(optional Solid near = {});
          undefined visit(Visit visitor, ShapeOrName other);
          Promise<sequence<Shape>> all();
          sequence<Color> colors(sequence<Shape> shapes, optional Color? which);
        };
        Circle includes Named;
    """

    def generate(self, more: str = MORE) -> subprocess.CompletedProcess[str]:
        base = self.idl(self.BASE, "base.idl")
        self.assertEqual(bindgen("--prefix", "geo", "--out", self.out, base).stderr, "")
        depfile = self.out / "more.d"
        imported = ["--import", f"base/geo={base}", "--depfile", depfile]
        return bindgen(*imported, "--out", self.out, self.idl(more, "more.idl"))

    def test_both_compile(self) -> None:
        self.assertEqual(self.generate().stderr, "")
        both = self.out / "both.c"
        both.write_text('#include "more.h"\n#include "base.h"\n')
        for name in ("base.c", "more.c", "both.c"):
            self.compile(["cc", "-std=c11"], self.out / name, self.out)
        self.compile(["c++", "-std=c++17", "-x", "c++"], both, self.out)

    def test_what_is_imported_is_mentioned_only(self) -> None:
        self.assertEqual(self.generate().stderr, "")
        header, glue = (self.out / "more.h").read_text(), (self.out / "more.c").read_text()
        for text in ('#include "base.h"', "  GeoPoint base;", "void circle_visit(Circle* self, const GeoVisit* visitor"):
            self.assertIn(text, header)
        self.assertIn(".parent = &geo_shape_class,", glue)
        for text in ("typedef struct GeoShape GeoShape", "geo_visit_call(", "base_function", "const CleatClass geo_shape_class"):
            self.assertNotIn(text, header + glue)
        self.assertIn("base.idl", (self.out / "more.d").read_text())

    def test_the_other_back_ends_leave_it_out(self) -> None:
        self.generate()
        for emit in ("dts", "md", "json", "test", "stubs"):
            arguments = ["--emit", emit, "--import", f"base/geo={self.out}/base.idl", "--out", self.out]
            self.assertEqual(bindgen(*arguments, self.out / "more.idl").stderr, "")
            (made,) = [path for path in self.out.glob("more*") if path.suffix in (f".{emit}", ".ts", ".js") or "stubs" in path.name]
            self.assertNotIn("baseFunction", made.read_text())
            made.unlink()

    def test_stubs_begin_with_the_structs_of_the_other_set(self) -> None:
        more = "interface Circle : Shape { constructor(); }; interface Disc : Circle {}; interface Lamp : EventTarget {};"
        self.assertEqual(self.generate(more).stderr, "")
        base = ["--import", f"base/geo={self.out}/base.idl"]
        self.assertEqual(bindgen("--emit", "stubs", *base, "--out", self.out, self.out / "more.idl").stderr, "")
        self.assertEqual(bindgen("--emit", "stubs", "--prefix", "geo", "--out", self.out, self.out / "base.idl").stderr, "")
        text = (self.out / "more_stubs.c").read_text()
        for c, begins in (("Circle", "GeoShape"), ("Disc", "Circle"), ("Lamp", "CleatEventTarget")):
            self.assertIn(f"struct {c} {{\n  {begins} base;\n", text)
        for name in ("base_stubs.c", "more_stubs.c"):
            self.compile(["cc", "-std=c11"], self.out / name, self.out)

    def test_async_sequences_are_those_of_the_set_that_declares_them(self) -> None:
        """Where they are in what is imported; of types of Cleat's own, too, which that set imports itself."""
        base = self.idl(
            """
            dictionary Lines { async_sequence<[CString] DOMString> lines; sequence<async_sequence<octet>> parts; };
            typedef (async_sequence<sequence<Event?>> or double) Events;
            callback Listen = undefined (Lines lines, Events events);
            """,
            "base.idl",
        )
        self.assertEqual(bindgen("--prefix", "geo", "--out", self.out, base).stderr, "")
        more = self.idl(
            """
            interface Reader {
              undefined read(Lines lines, Events events, async_sequence<octet> bytes);
              undefined listen(Listen listen);
            };
            """,
            "more.idl",
        )
        self.assertEqual(bindgen("--import", f"base/geo={base}", "--out", self.out, more).stderr, "")
        for name in ("base.c", "more.c"):
            self.compile(["cc", "-std=c11"], self.out / name, self.out)
        self.assertIn("MoreOctetAsyncSequence bytes", (self.out / "more.h").read_text())

    def test_two_sets_that_import_the_same_go_together(self) -> None:
        """What they make of its types are structs that either header may declare, and functions of different names."""
        base = self.idl(
            'enum Color { "red" }; dictionary Point { Color color; }; callback Visit = undefined (Shape shape);\n'
            "interface Shape { Promise<Shape> later(); }; typedef (Shape or DOMString) Named;\n",
            "base.idl",
        )
        self.assertEqual(bindgen("--out", self.out, base).stderr, "")
        types = [
            *("sequence<Shape>", "Shape", "Shape?", "Color", "Point", "(Shape or Point)", "record<DOMString, Shape>", "Visit"),
            *("sequence<Color>?", "Named", "sequence<DOMString>", "(long or DOMString)", "async_sequence<Shape>"),
        ]
        symbols = []
        for name in ("one", "two"):
            given = "".join(f"  Promise<{type}> give{index}();\n" for index, type in enumerate(types))
            members = f"{given} async_iterable<Shape>; undefined take((Shape? or sequence<Point>) a, sequence<sequence<Shape>> b,"
            members += " record<DOMString, Named> c, async_sequence<Shape> d, async_sequence<long> e, optional Color? f);"
            text = f"interface {name.title()} : Shape {{ {members} }}; callback {name}Back = Promise<Point?> ((Shape or Visit) it);"
            self.assertEqual(bindgen("--import", base, "--out", self.out, self.idl(text, f"{name}.idl")).stderr, "")
            self.compile(["cc", "-std=c11"], self.out / f"{name}.c", self.out)
            symbols.append(self.defined(name))
        for order in (("one", "two"), ("two", "base", "one")):
            both = self.out / "both.c"
            both.write_text("".join(f'#include "{name}.h"\n' for name in order))
            self.compile(["cc", "-std=c11"], both, self.out)
            self.compile(["c++", "-std=c++17", "-x", "c++"], both, self.out)
        for one, other in ((symbols[0], symbols[1]), (symbols[0], self.defined("base")), (symbols[1], self.defined("base"))):
            self.assertGreater(len(one), 40)
            self.assertEqual(one & other, set())

    def defined(self, name: str) -> Set[str]:
        """The symbols that the glue of a set has for others."""
        includes = [f"-I{folder}" for folder in (self.out, TOP / "runtime" / "include", TOP / "generated")]
        compiled = self.out / f"{name}.o"
        subprocess.run(["cc", "-c", *includes, "-o", str(compiled), str(self.out / f"{name}.c")], check=True)
        listing = subprocess.run(["nm", "-g", "--defined-only", str(compiled)], capture_output=True, text=True, check=True)
        return {line.split()[-1] for line in listing.stdout.splitlines()}

    def test_nothing_is_added_to_what_is_imported(self) -> None:
        for more in (
            "partial interface Shape { undefined f(); };",
            "partial dictionary Point { long f; };",
            "interface mixin More {}; Shape includes More;",
        ):
            run = self.generate(more)
            self.assertEqual(run.returncode, 1)
            self.assertIn("error[imported-partial]", run.stderr)
            self.assertIn("more.idl:1:", run.stderr)

    def test_names_without_an_import_are_unknown(self) -> None:
        self.assertIn("error[unknown-name]", bindgen("--out", self.out, self.idl(self.MORE)).stderr)

    def test_an_import_that_is_not_there(self) -> None:
        run = bindgen("--import", "nowhere.idl", "--out", self.out, self.idl("namespace a {};"))
        self.assertEqual(run.returncode, 1)
        self.assertIn("nowhere.idl:1:1: error[cannot-read]", run.stderr)


class Writing(Folder):
    GOOD = "namespace good { double twice(double x); };"

    def test_output_that_would_not_change_is_left_alone(self) -> None:
        idl = self.idl(self.GOOD)
        bindgen("--out", self.out, idl)
        before = [(self.out / name).stat().st_mtime_ns for name in ("it.h", "it.c")]
        bindgen("--out", self.out, idl)
        self.assertEqual([(self.out / name).stat().st_mtime_ns for name in ("it.h", "it.c")], before)

    def test_output_that_changes_is_written(self) -> None:
        bindgen("--out", self.out, self.idl(self.GOOD))
        bindgen("--out", self.out, self.idl(self.GOOD.replace("twice", "thrice")))
        self.assertIn("good_thrice", (self.out / "it.c").read_text())

    def test_errors_write_nothing(self) -> None:
        for text in ("interface {", "interface A : B {};", "interface A { iterable<long>; };"):
            run = bindgen("--out", self.out, "--depfile", self.out / "it.d", self.idl(text))
            self.assertEqual(run.returncode, 1)
            self.assertEqual(self.generated(), [])
            self.assertFalse((self.out / "it.d").exists())

    def test_check_writes_nothing(self) -> None:
        self.assertEqual(bindgen("--check", "--out", self.out, self.idl(self.GOOD)).returncode, 0)
        self.assertEqual(self.generated(), [])

    def test_the_depfile_names_inputs_templates_and_modules(self) -> None:
        idl, depfile = self.idl(self.GOOD, "with space.idl"), self.out / "it.d"
        bindgen("--name", "it", "--out", self.out, "--depfile", depfile, idl)
        text = depfile.read_text()
        outputs, _, inputs = text.partition(": ")
        self.assertEqual(outputs, f"{self.out}/it.h {self.out}/it.c")
        self.assertIn("with\\ space.idl", inputs)
        for name in ("bindgen/bindgen.py", "bindgen/lower.py", "templates/glue.c.j2", "idl/prelude.idl"):
            self.assertIn(name, inputs)

    def test_the_folder_is_made(self) -> None:
        self.assertEqual(bindgen("--out", self.out / "a" / "b", self.idl(self.GOOD)).returncode, 0)
        self.assertTrue((self.out / "a" / "b" / "it.h").exists())

    def test_the_name_is_that_of_the_first_file_or_the_one_given(self) -> None:
        bindgen("--out", self.out, self.idl(self.GOOD), self.idl("namespace b {};", "b.idl"))
        bindgen("--name", "other", "--out", self.out, self.idl(self.GOOD))
        self.assertEqual(self.generated(), ["it.c", "it.h", "other.c", "other.h"])


class CommandLine(Folder):
    def test_a_missing_file(self) -> None:
        run = bindgen("--out", self.out, "missing.idl")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr, "missing.idl:1:1: error[cannot-read]: No such file or directory\n")

    def test_a_folder_for_a_file(self) -> None:
        run = bindgen("--out", self.out, self.out)
        self.assertEqual(run.returncode, 1)
        self.assertIn("error[cannot-read]: Is a directory", run.stderr)

    def test_a_folder_that_cannot_be_written(self) -> None:
        blocker = self.out / "file"
        blocker.write_text("")
        run = bindgen("--out", blocker, self.idl("namespace a {};"))
        self.assertEqual(run.returncode, 1)
        self.assertIn("error[cannot-write]: ", run.stderr)
        self.assertNotIn("Traceback", run.stderr)

    def test_half_an_output_is_taken_back(self) -> None:
        (self.out / "it.c").mkdir()
        run = bindgen("--out", self.out, self.idl("namespace a {};"))
        self.assertEqual(run.returncode, 1)
        self.assertIn("error[cannot-write]: ", run.stderr)
        self.assertFalse((self.out / "it.h").exists())
        self.assertEqual([path.name for path in self.out.iterdir() if path.name.startswith(".")], [])

    def test_no_file(self) -> None:
        run = bindgen()
        self.assertEqual(run.returncode, 2)
        self.assertIn("no FILE.idl", run.stderr)

    def test_names_that_are_none(self) -> None:
        self.assertEqual(bindgen("--name", "7up", self.idl("namespace a {};")).returncode, 2)

    def test_unknown_attributes_can_be_warnings(self) -> None:
        idl = self.idl("[Frobnicate] namespace a {};")
        self.assertIn("error[", bindgen("--out", self.out, idl).stderr)
        run = bindgen("--warn-unknown-attributes", "--out", self.out, idl)
        self.assertEqual(run.returncode, 0)
        self.assertIn("warning[", run.stderr)

    def test_warnings_can_be_allowed_and_errors_cannot(self) -> None:
        idl = self.idl("dictionary A { sequence<A> inner; }; [Exposed=Page] interface B {};")
        run = bindgen("--out", self.out, idl)
        self.assertIn("warning[dictionary-cycle]", run.stderr)
        self.assertIn("note[not-exposed]", run.stderr)
        self.assertIn("note[not-exposed]", bindgen("--allow", "dictionary-cycle", "--out", self.out, idl).stderr)
        run = bindgen("--allow", "dictionary-cycles", "--out", self.out, idl)
        self.assertEqual(run.returncode, 2)
        self.assertIn("--allow: no rule is called 'dictionary-cycles'; --rules lists them", run.stderr)
        self.assertEqual(bindgen("--allow", "dictionary-cycle,not-exposed", "--out", self.out, idl).stderr, "")
        idl = self.idl("dictionary A { required A inner; };")
        self.assertIn("error[dictionary-cycle]", bindgen("--allow", "dictionary-cycle", "--out", self.out, idl).stderr)

    def test_errors_of_all_kinds_are_told_in_one_run(self) -> None:
        file = self.out / "bad.idl"
        file.write_text("interface A { long b(; };\ninterface A {};\n[Thows] dictionary C {};\n")
        told = bindgen("--out", self.out, file).stderr
        for place in ("1:22: error[syntax]", "2:11: error[duplicate-definition]", "3:2: error[unknown-attribute]"):
            self.assertIn(place, told)

    def test_a_python_without_jinja2_is_told(self) -> None:
        command = [sys.executable, "-S", str(BINDGEN), "--out", str(self.out), str(TOP / "idl" / "console.idl")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(self.generated(), [])
        self.assertRegex(result.stderr, r"^bindgen: this Python \(.*\) has no jinja2; install it")

    def test_checking_needs_no_jinja2(self) -> None:
        command = [sys.executable, "-S", str(BINDGEN), "--check", str(TOP / "idl" / "console.idl")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((result.stderr, result.returncode), ("", 0))

    def test_the_table_of_rules(self) -> None:
        self.assertEqual(bindgen("--rules").stdout, (TOP / "bindgen" / "RULES.md").read_text(encoding="utf-8"))

    def test_the_table_of_types(self) -> None:
        run = bindgen("--types")
        self.assertIn("| `sequence<double>` | `CleatDoubleSequence` | `CleatDoubleSequence` |", run.stdout)
        readme = TOP / "bindgen" / "README.md"
        parts = re.split(r"(?m)(^\| Web IDL \| argument .*\n(?:^\|.*\n)+)", readme.read_text(encoding="utf-8"))
        self.assertEqual(len(parts), 3)
        if UPDATES:
            readme.write_text(parts[0] + run.stdout + parts[2], encoding="utf-8")
            parts[1] = run.stdout
        self.assertEqual(parts[1], run.stdout)


class Unsupported(Folder):
    """What cannot be generated yet is an error at its place."""

    def expect(self, text: str, *parts: str) -> None:
        run = bindgen("--out", self.out, self.idl(text))
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("error[unsupported]", run.stderr)
        for part in parts:
            self.assertIn(part, run.stderr)
        self.assertEqual(self.generated(), [])

    def test_a_capability_of_a_special_operation(self) -> None:
        self.expect("interface A { [Capability=x] getter long (DOMString name); };", "put it on the interface", "it.idl:1:15")
        self.expect("interface A {}; [Capability=x] partial interface A { getter long f(DOMString name); };", "it.idl:1:54")

    def test_a_function_that_frees_and_no_header_declares(self) -> None:
        self.expect("[Release=thing_close] interface A {};", "nothing declares 'thing_close'; name the header that does by [Header]")
        self.expect("interface A { [Release=thing_free] DOMString f(); };", "it.idl:1:16")
        for text in ("[Release=free] interface A {};", "interface A { [Release=free] DOMString f(); };"):
            self.assertEqual(bindgen("--out", self.out, self.idl(text)).stderr, "")
            self.compile(["cc", "-std=c11"], self.out / "it.c")

    def test_types(self) -> None:
        for type in (
            "[CString=utf16] ByteString",
        ):
            with self.subTest(type):
                self.expect(f"interface A {{ undefined f({type} a); }};")

    def test_members(self) -> None:
        for member in (
            "iterable<long>;",
        ):
            with self.subTest(member):
                run = bindgen("--out", self.out, self.idl(f"interface A {{ {member} }};"))
                self.assertEqual(run.returncode, 1)
                self.assertEqual(self.generated(), [])

    def test_what_may_not_leave_the_javascript_thread(self) -> None:
        self.expect("interface A { [Blocking] static Promise<long> f(any a); };", "belongs to the JavaScript thread")
        self.expect("interface A { [Blocking] static Promise<any> f(); };", "belongs to the JavaScript thread")
        self.expect("interface A { [Blocking] static Promise<sequence<A>> f(); };", "belongs to its wrapper")
        self.expect("interface A { [Blocking] static Promise<long> f(Function a); };", "belongs to the JavaScript thread")
        both = "dictionary D { A a; Function f; };"
        self.expect(f"interface A {{ [Blocking] Promise<long> f(optional D d = {{}}); }}; {both}", "JavaScript thread")

    def test_a_callback_within_a_dictionary_stays_on_the_javascript_thread(self) -> None:
        dictionary = "dictionary D { Function f; };"
        for type in ("D", "sequence<D>", "sequence<D?>"):
            argument = "optional D d = {}" if type == "D" else f"{type} d"
            self.expect(f"{dictionary} namespace n {{ [Blocking] Promise<long> f({argument}); }};", "JavaScript thread")
        self.expect(f"{dictionary} namespace n {{ [Blocking] Promise<D> f(); }};", "JavaScript thread")

    def test_every_problem_is_reported(self) -> None:
        run = bindgen("--out", self.out, self.idl("interface A {\n  [Blocking] Promise<any> f();\n  [Blocking] Promise<object> g();\n};"))
        self.assertIn(":2:14:", run.stderr)
        self.assertIn(":3:14:", run.stderr)


class Names(Folder):
    def test_one_name_for_two_members(self) -> None:
        run = bindgen("--out", self.out, self.idl("interface A { attribute long x; long getX(); };"))
        self.assertEqual(run.returncode, 1)
        self.assertIn("error[c-name]", run.stderr)
        self.assertIn("a_get_x", run.stderr)

    def test_names_that_mean_something_in_c(self) -> None:
        for text in (
            "interface errno {};",
            "interface CleatEnv {};",
            "dictionary size_t { long x; };",
            "enum NULL { \"a\" };",
            "callback while = long ();",
            "namespace a { [ImplementedAs=switch] undefined f(); };",
        ):
            with self.subTest(text):
                run = bindgen("--out", self.out, self.idl(text))
                self.assertEqual(run.returncode, 1)
                self.assertIn("error[c-name]", run.stderr)
                self.assertEqual(self.generated(), [])
                if "ImplementedAs" not in text:
                    run = bindgen("--out", self.out, "--prefix", "app", "--check", self.idl(text))
                    self.assertEqual(run.stderr, "")

    def test_members_and_arguments_may_have_any_name(self) -> None:
        idl = self.idl(
            "dictionary D { long new; long class; long this; long template; boolean and; required long cleat_x; };\n"
            "callback C = long (long env, long result, long callback);\n"
            "interface A { attribute long register; attribute long cleat_x; attribute DOMString js_y;\n"
            "  long main(long call, long env, long self, long frame, long result, long i, long errno, D cleat_d);\n"
            "  undefined g(C while, optional long js_a = 1, long... cleat_call); };\n"
        )
        self.assertEqual(bindgen("--out", self.out, idl).stderr, "")
        libc = ["-include", "errno.h", "-include", "stdio.h", "-include", "stdlib.h"]
        self.compile(["cc", "-std=gnu11", *libc], self.out / "it.c")
        self.compile(["c++", "-std=c++17", *libc, "-x", "c++"], self.out / "it.h")

    def test_what_only_the_glue_knows_is_in_nobodys_way(self) -> None:
        """Its tables and converters have other names, and native functions give way to each other."""
        idl = self.idl(
            "interface Foo { undefined members(); undefined aliases(); undefined pairs(); undefined _enum(); undefined job();\n"
            "  constructor(); [ImplementedAs=foo_renew] undefined new(); [Blocking] Promise<long> later(FooLaterJob? job);\n"
            "  iterable<long, long>; undefined iteratorMembers(); undefined pair(); undefined external-memory(); };\n"
            "[ExternalMemory=bytes_of] interface Bar { readonly maplike<long, To>; undefined key(); undefined collection(); };\n"
            "[ExternalMemory=bytes_of] interface To { undefined _long(long x, optional Copy y = {}); undefined copy(optional long x); };\n"
            "interface Members { undefined ofFoo(); undefined ofPoint(); undefined ofBar(); }; interface FooLaterJob {};\n"
            "dictionary Point { long x; }; callback Keep = Point (Point point); interface Keys { undefined ofPoint(Keep k); };\n"
            "dictionary Copy { DOMString s; }; interface Make { Promise<Copy> copyPromise(); undefined fooNextPromise(); };\n"
            "interface Fast { long ofFooMembers(); }; namespace fooBar { undefined f(); }; interface FooBar { undefined g(); };\n"
            "[LegacyWindowAlias=Other] interface Alias : EventTarget { attribute EventHandler onsome; attribute long eventHandler; };\n"
            'enum Of { "a" }; interface Values { undefined ofOf(Of of); }; interface Discard { Promise<Copy> copyPromise(); };\n'
        )
        self.assertEqual(bindgen("--out", self.out, idl).stderr, "")
        with (self.out / "it.h").open("a") as header:
            header.write("size_t bytes_of(const void* object);\n")
        self.compile(["cc", "-std=c11"], self.out / "it.c")

    def test_what_has_the_name_of_its_type(self) -> None:
        """Which C++ does not take for a field, and C for a variable."""
        idl = self.idl(
            "dictionary point { point2 point2; long size_t; double int32_t; uint8_t_ CleatString; };\n"
            "dictionary point2 { long x; }; enum uint8_t_ { \"a\" }; callback call_me = long (optional long size_t, any... arguments);\n"
            "callback me_too = undefined (object... arguments); callback all = undefined (any... arguments);\n"
            "interface shape { undefined f(shape shape, call_me call_me, (long or shape) uint32_t, optional point point = {});\n"
            "  attribute shape shape; shape g(shape? shape, sequence<shape> size_t, optional uint8_t_ uint8_t_); };\n"
        )
        self.assertEqual(bindgen("--out", self.out, idl).stderr, "")
        self.compile(["cc", "-std=c11"], self.out / "it.c")
        self.compile(["c++", "-std=c++17", "-x", "c++"], self.out / "it.h")

    def test_values_of_an_enumeration_that_are_alike(self) -> None:
        idl = self.idl('enum E { "a-b", "aB", "", "empty", "\u00e9", "??", "a_b_2", "1" }; dictionary D { E e = "aB"; E f = "\u00e9"; };')
        self.assertEqual(bindgen("--out", self.out, idl).stderr, "")
        text = (self.out / "it.h").read_text(encoding="utf-8")
        names = ["A_B", "A_B_2", "EMPTY", "EMPTY_2", "U00E9", "U003F_U003F", "A_B_2_2", "1"]
        self.assertEqual(re.findall(r"^  E_(\w+),", text, re.MULTILINE), names)

    def test_implemented_as_gives_another(self) -> None:
        idl = self.idl("interface A { attribute long x; [ImplementedAs=a_fetch_x] long fetch(); };")
        self.assertEqual(bindgen("--out", self.out, idl).stderr, "")

    def test_a_function_that_two_members_share_is_declared_once(self) -> None:
        members = "[ImplementedAs=both] long f(long x); [ImplementedAs=both] long g(long x);"
        self.assertEqual(bindgen("--out", self.out, self.idl(f"namespace a {{ {members} }};")).stderr, "")
        self.assertEqual((self.out / "it.h").read_text().count("int32_t both("), 1)


if __name__ == "__main__":
    unittest.main()
