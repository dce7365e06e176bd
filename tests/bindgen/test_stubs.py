"""--emit stubs: what it writes, that it compiles without a warning and links, and that every member can be used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(TOP / "bindgen"))

import programs  # noqa: E402

OUT = TOP / os.environ.get("OUT", "out/release")
GOLDEN = HERE / "stubs" / "garden_stubs.c"
UPDATES = bool(os.environ.get("CLEAT_UPDATE_GOLDENS"))
# All IDL but what test_conformance.py runs in programs of its own, and packages.idl, whose structs are a library's.
OTHERS = [path for folder in ("attached", "bench", "core", "fast", "host") for path in (TOP / "tests" / folder).glob("*.idl")]
SOURCES = [*sorted((HERE / "cases").glob("*.idl")), HERE / "stubs" / "garden.idl", TOP / "samples" / "modules" / "app.idl", *OTHERS]


def generate(folder: Path, idl: Path, *options: str) -> None:
    done = programs.run_bindgen("--out", folder, *programs.options(idl), *options, idl)
    assert done.returncode == 0, done.stderr


def build(folder: Path, idl: Path) -> Path:
    """The program of stubs/main.c, glue and stubs; the compiler's errors fail the test."""
    name = idl.stem
    generate(folder, idl)
    generate(folder, idl, "--emit", "stubs")
    installed = re.search(r"extern const CleatBindings (\w+);", (folder / f"{name}.h").read_text())
    macros = [f'-DHEADER="{name}.h"', f"-DBINDINGS={installed[1]}"] if installed else []
    sources = [str(folder / f"{name}.c"), str(folder / f"{name}_stubs.c"), str(HERE / "stubs" / "main.c")]
    includes = [f"-I{path}" for path in (folder, TOP / "runtime" / "include", TOP / "generated")]
    # Under the name that programs look it up by.
    (folder / "libcleat.so.0").symlink_to(OUT / "libcleat.so")
    libraries = [str(OUT / "libcleat.so"), "-Wl,--allow-shlib-undefined", "-lm", "-lsqlite3", "-lz"]
    flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]
    program = folder / "program"
    command = ["cc", *flags, *macros, *includes, *sources, *libraries, "-o", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return program


def capabilities(idl: Path) -> List[str]:
    return re.findall(r"Capability=(\w+)", idl.read_text(encoding="utf-8"))


def run(program: Path, script: Path, *granted: str) -> subprocess.CompletedProcess[str]:
    command = [str(program), str(script), *granted]
    folders = [program.parent, *(TOP / "out" / "deps" / "usr" / "lib").glob("*-linux-gnu")]
    places = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, folders))}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=places)


@unittest.skipUnless((OUT / "libcleat.so").exists(), f"there is no {OUT}/libcleat.so")
class Programs(unittest.TestCase):
    """One test for each case of the back end: see below."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cleat-stubs-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def check_case(self, idl: Path) -> None:
        program = build(self.folder, idl)
        done = run(program, HERE / "stubs" / "touch.js", *capabilities(idl))
        self.assertEqual((done.stderr, done.returncode), ("", 0), done.stdout)
        self.assertTrue(done.stdout.strip())
        # The test that is generated with it.
        generate(self.folder, idl, "--emit", "test")
        done = run(program, self.folder / f"{idl.stem}_test.js", *capabilities(idl))
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        failed = re.findall(r"^(?:#|not ok).*", done.stdout, re.MULTILINE)
        self.assertEqual(failed, [])
        self.assertRegex(done.stdout, r"(?m)^ok 1 - [^#]*$")


def _case(idl: Path) -> None:
    def test(self: Programs) -> None:
        self.check_case(idl)

    setattr(Programs, f"test_{idl.stem}", test)


for _idl in SOURCES:
    _case(_idl)


class Compiling(unittest.TestCase):
    """Stubs and glue of all other IDL here compile without a warning."""

    def check_file(self, idl: Path) -> None:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            prefix = ("--prefix", "cleat") if idl.parent.name == "idl" else ()
            generate(folder, idl, *prefix)
            generate(folder, idl, *prefix, "--emit", "stubs")
            for name in (f"{idl.stem}.c", f"{idl.stem}_stubs.c"):
                includes = [f"-I{path}" for path in (folder, TOP / "runtime" / "include", TOP / "generated")]
                flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-iquote", str(idl.parent)]
                command = ["cc", *flags, *includes, str(folder / name)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)


def _file(idl: Path) -> None:
    def test(self: Compiling) -> None:
        self.check_file(idl)

    setattr(Compiling, f"test_{idl.parent.name}_{idl.stem}", test)


for _folder in (TOP / "idl", TOP / "tests" / "behaviour", TOP / "samples" / "modules"):
    for _idl in sorted(_folder.glob("*.idl")):
        if _idl.stem != "prelude":
            _file(_idl)


class Text(unittest.TestCase):
    maxDiff = None

    def test_golden(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            generate(Path(folder), HERE / "stubs" / "garden.idl", "--emit", "stubs")
            text = (Path(folder) / GOLDEN.name).read_text(encoding="utf-8")
        if UPDATES:
            GOLDEN.write_text(text, encoding="utf-8")
        self.assertEqual(GOLDEN.read_text(encoding="utf-8"), text)


if __name__ == "__main__":
    unittest.main()
