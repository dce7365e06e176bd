"""Random programs in Web IDL: all that is valid gives C that compiles and links, headers for C++, and declarations for tsc.

A runtime that has them passes the test that is generated with them, and survives a script that touches all there is.

Now and then a program imports the one before; the two are linked, and run, together.

A run makes the same programs each time, a quick one fewer. CLEAT_RANDOM_SEED=N makes others, CLEAT_RANDOM_PROGRAMS=N so many.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from typing import List, Optional, Sequence

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(TOP / "bindgen"))

import diagnostics  # noqa: E402
import lower  # noqa: E402
import npm  # noqa: E402
import programs  # noqa: E402
import render  # noqa: E402
import source  # noqa: E402
import syntax  # noqa: E402
from emit_dts import emit_dts  # noqa: E402
from emit_stubs import emit_stubs  # noqa: E402
from emit_test import emit_test  # noqa: E402
from explain import explain  # noqa: E402
from hook_builder import required_count  # noqa: E402
from link import LIBRARIES, library_path  # noqa: E402
from naming import Naming  # noqa: E402
from program import Program  # noqa: E402
from random_idl import random_program  # noqa: E402
from samples import sample  # noqa: E402

OUT = TOP / os.environ.get("OUT", "out/release")
THOROUGH = bool(os.environ.get("CLEAT_THOROUGH"))
SEED = int(os.environ.get("CLEAT_RANDOM_SEED") or 20)
# Of so many programs, the last imports the one before.
EACH_PAIR = 4
PROGRAMS = int(os.environ.get("CLEAT_RANDOM_PROGRAMS") or (200 if THOROUGH else 50))
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
# What generators of C may refuse: names that two members would have, and what Cleat's own [Blocking] cannot be.
REFUSED = {"c-name", "unsupported"}
KNOWN = ("in C, which something else is", "[Blocking]", "the global object", "[Release] is supported for", "a [Blocking] overload cannot keep", "on the name of a property")


def refusals(program: Program) -> Sequence[diagnostics.Diagnostic]:
    sink = diagnostics.Sink()
    lower.lower(program, Naming("it"), ["it.idl"], sink)
    return [found for found in sink.sorted() if found.severity == diagnostics.ERROR]


def instances(program: Program) -> str:
    """A line of JavaScript that says how objects are made, by constructors whose arguments can be written down."""
    makers = []
    for interface in program.interfaces.values():
        for member in interface.members:
            if isinstance(member, syntax.Constructor) and not interface.attribute("LegacyNamespace"):
                values = [sample(program, argument.type) for argument in member.arguments[: required_count(member.arguments)]]
                if None not in values:
                    makers.append(f"{interface.name}: () => new {interface.name}({', '.join(map(str, values))}), ")
    return f"globalThis.conformanceInstances = {{ {''.join(makers)}}};\n"


class Random(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cleat-random-"))
        self.addCleanup(shutil.rmtree, self.folder)
        print(f"# CLEAT_RANDOM_SEED={SEED}")

    def test_all_that_is_made_of_them(self) -> None:
        chance = random.Random(SEED)
        dropped: Counter[str] = Counter()
        lines = 0
        pair: List[source.SourceFile] = []
        for count in range(1, PROGRAMS + 1):
            name = f"p{count}"
            made = random_program(chance, name.upper(), refusals, *pair)
            dropped.update(found.partition(":")[0] for found in made.dropped)
            lines += made.text.count("\n")
            naming = Naming(name, "my_app" if name.endswith("3") else "")
            pair.append(source.SourceFile(f"{name}.idl", made.text, imported=source.Imported(name, naming.prefix)))
            with self.subTest("\n".join(file.text for file in pair)):
                self.check_refusals([found for found in made.dropped if found.partition(":")[0] in REFUSED])
                self.make(naming, made.text, pair[:-1])
                if count % EACH_PAIR != EACH_PAIR - 1 or count == PROGRAMS:
                    self.compile([file.imported.name for file in pair if file.imported])
            if count % EACH_PAIR != EACH_PAIR - 1:
                pair = []
        if self.can_link():
            self.conform()
        print(f"# {PROGRAMS} programs of {lines} lines; {sum(dropped.values())} more lines were not valid")
        self.assertGreater(lines, sum(dropped.values()), "programs that are mostly invalid test the check only")
        with self.subTest("declarations"):
            self.tsc()

    def check_refusals(self, found: Sequence[str]) -> None:
        """What is refused is only what is known to be."""
        for one in found:
            known = any(text in one for text in KNOWN)
            self.assertTrue(known, one)

    def make(self, naming: Naming, text: str, imports: Sequence[source.SourceFile]) -> None:
        name, file = naming.name, source.SourceFile(f"{naming.name}.idl", text)
        program = programs.checked(self, file, *imports)
        model = lower.lower(program, naming, [file.path], diagnostics.Sink())
        header, glue = render.render(model)
        texts = {f"{name}.idl": text, f"{name}.h": header, f"{name}.c": glue, f"{name}_stubs.c": emit_stubs(program, model)}
        texts[f"{name}.d.ts"] = emit_dts(program, [file.path])
        texts[f"{name}_test.js"] = instances(program) + emit_test(program, name, [file.path])
        explain(program, model, "*")
        self.assertEqual(programs.natives_that_do_not_look(glue), [])
        for path, content in texts.items():
            (self.folder / path).write_text(content, encoding="utf-8")

    def compile(self, names: Sequence[str]) -> None:
        """One library of the sets, of which the last imports the others."""
        includes = [f"-I{folder}" for folder in (self.folder, TOP / "runtime" / "include", TOP / "generated")]
        sources = [str(self.folder / f"{name}{suffix}") for name in names for suffix in (".c", "_stubs.c")]
        # Undefined symbols are those of the glue that no stub has: all others are Cleat's.
        library = self.folder / f"{'_'.join(names)}.so"
        output = ["-shared", "-fPIC", "-Wl,--no-undefined", "-o", str(library), str(OUT / "libcleat.so"), "-lm"]
        flags = ["-Wl,--allow-shlib-undefined"]
        self.run_command(["cc", "-std=c11", *WARNINGS, *includes, *sources, *(output + flags if self.can_link() else ["-fsyntax-only"])])
        headers = [str(self.folder / f"{name}.h") for name in names]
        self.run_command(["c++", "-std=c++17", "-fsyntax-only", *WARNINGS, *includes, "-x", "c++", *headers])

    def conform(self) -> None:
        """Has a runtime with the stubs of each library pass the tests of its programs."""
        loader = self.folder / "loader"
        # Under the name that programs look it up by.
        (self.folder / "libcleat.so.0").symlink_to(OUT / "libcleat.so")
        includes = [f"-I{folder}" for folder in (TOP / "runtime" / "include", TOP / "generated")]
        linking = [str(OUT / "libcleat.so"), "-Wl,--allow-shlib-undefined", "-ldl", "-o", str(loader)]
        self.run_command(["cc", "-std=gnu11", *WARNINGS, *includes, str(HERE / "stubs" / "loader.c"), *linking])
        places = [self.folder, *(TOP / "out" / "deps" / "usr" / "lib").glob("*-linux-gnu")]
        command = [str(loader), str(HERE / "stubs" / "touch.js"), "power"]
        for library in sorted(self.folder.glob("*.so")):
            command += ["library", str(library)]
            for name in library.stem.split("_"):
                installed = re.search(r"extern const CleatBindings (\w+);", (self.folder / f"{name}.h").read_text(encoding="utf-8"))
                command += [installed[1], str(self.folder / f"{name}_test.js")] if installed else []
        run = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, places))}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=run)
        parts = re.split(r"^library .*/([\w]+)\.so\n", done.stdout, flags=re.MULTILINE)[1:]
        passed = 0
        for names, lines in zip(parts[::2], parts[1::2]):
            passed += len(re.findall(r"^ok \d+ - [^#\n]*$", lines, re.MULTILINE))
            with self.subTest("\n".join((self.folder / f"{name}.idl").read_text(encoding="utf-8") for name in names.split("_"))):
                self.assertEqual(re.findall(r"^(?:#|not ok).*", lines, re.MULTILINE), [])
                self.assertRegex(lines, r"^(?:(?:ok .*\n)*1\.\.\d+\s)*$")
        print(f"# {passed} of the programs' own tests passed")
        self.assertEqual((done.returncode, done.stderr, len(parts) // 2), (0, "", command.count("library")), done.stdout[-300:])

    def can_link(self) -> bool:
        return (OUT / "libcleat.so").exists()

    def run_command(self, command: List[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[:3000])

    def tsc(self) -> None:
        modules = npm.modules(self, "typescript")
        for library in LIBRARIES:
            text = emit_dts(programs.checked(self, source.load(str(library_path(library)))), [f"{library}.idl"])
            (self.folder / f"{library}.d.ts").write_text(text, encoding="utf-8")
        strict = ("--noEmit", "--strict", "--target", "es2022", "--lib", "es2022")
        status, output = npm.run(modules, ".bin/tsc", *strict, *map(str, sorted(self.folder.glob("*.d.ts"))))
        self.assertEqual(status, 0, output[:3000])


if __name__ == "__main__":
    unittest.main()
