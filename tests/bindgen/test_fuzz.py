"""Any bytes as IDL, through the command line and every back end: no traceback, a status that is true, nothing half-written."""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List, Sequence, Tuple

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "bindgen"))

import bindgen  # noqa: E402
import diagnostics  # noqa: E402
import lexer  # noqa: E402
import source  # noqa: E402
from emitters import EMITTERS  # noqa: E402

COMMAND = [sys.executable, str(TOP / "bindgen" / "bindgen.py")]
# What bindgen can do with a file. The first two write two files, those of --emit one, the others none.
BACK_ENDS: Tuple[Tuple[str, ...], ...] = (
    (),
    ("--prefix", "app"),
    *(("--emit", name) for name in EMITTERS),
    ("--check",),
    ("--explain", "*"),
    ("--warn-unknown-attributes",),
)
SEED = int(os.environ.get("CLEAT_FUZZ_SEED", "20"))
ROUNDS = int(os.environ.get("CLEAT_FUZZ_ROUNDS", "1000"))

DEEP = 100_000
HOSTILE = {
    "no-utf-8": b"interface A { attribute \xff\xfe long x; };",
    "nul": b"interface A\0 { attribute long x; };\0",
    "noise": bytes(range(256)) * 40,
    "braces": b"{" * DEEP + b"}" * DEEP,
    "brackets": b"[" * DEEP,
    "unions": b"typedef " + b"(long or " * DEEP,
    "nested": b"interface A { undefined f(" + b"sequence<" * 5000 + b"long" + b">" * 5000 + b" x); };",
    "attributes": b"[A(" * DEEP,
    "nullables": b"typedef long" + b"?" * DEEP + b" T;",
    "long-name": b"interface " + b"A" * 1_000_000,
    "long-number": b"interface A { const long X = " + b"9" * 1_000_000 + b"; };",
    "long-string": b'enum E { "' + b"x" * 1_000_000,
    "long-comment": b"/*" + b"*" * 1_000_000,
    "one-line": b"interface A { " + b"attribute x; " * 3000 + b"};",
    "any-tokens": b"[A=(b c), B={(;)}, @] interface A {};",
    "unbalanced": b"[A={)}] interface A {};",
    "open-attributes": b"[A b\ninterface A {};\n" * 20_000,
    "syntax": b"interface A { long; attribute x; }; dictionary { };",
    "rules": b"interface A : B { attribute sequence<long> x; const DOMString y = 1; };",
}
RIGHT = {
    "empty": b"",
    "bom": b"\xef\xbb\xbfinterface A {};",
    "carriage-returns": b"// A\rinterface A {};\r",
    "line-ends": b"interface A {\r\n  attribute long x;\r\n};\r\n",
    "comment": b"// nothing, and no UTF-8: \xed\xa0\x80",
    "long-names": b"interface " + b"A" * 500 + b" { attribute long " + b"b" * 500 + b"; };",
    "callbacks": b"callback A = A (A a, B b); callback interface B { B f(A a); }; interface C { undefined f(A a, B b); };",
    "dictionaries": b"dictionary A { B b; }; dictionary B : A { sequence<A> a; }; interface C { A f(optional B b = {}); };",
}


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cleat-fuzz-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.out = self.folder / "out"

    def written(self, data: bytes, name: str = "it.idl") -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    def made(self) -> List[str]:
        return sorted(path.name for path in self.out.iterdir()) if self.out.exists() else []

    def expect_refusal(self, status: int, errors: str) -> None:
        """An error at a place, no traceback, and nothing written."""
        self.assertEqual(1, status, errors[:2000])
        self.assertRegex(errors, r"(?m)^\S.*:\d+:\d+: error\[[a-z-]+\]: ")
        self.assertNotIn("Traceback", errors)
        self.assertEqual([], self.made())


class Bytes(Folder):
    """Through the real command, each with another back end, so that every one has its turn."""

    def run_command(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND, *map(str, arguments), "--out", str(self.out)]
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=60)

    def test_what_is_wrong(self) -> None:
        for index, (name, data) in enumerate(HOSTILE.items()):
            back_end = BACK_ENDS[index % len(BACK_ENDS)]
            if name == "rules" and "ast" in back_end:
                back_end = ()  # A syntax tree asks for no more than syntax.
            with self.subTest(name, back_end=back_end):
                run = self.run_command(*back_end, self.written(data))
                self.expect_refusal(run.returncode, run.stderr)
                # A terminal is not to be told what the file says.
                self.assertIsNone(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", run.stderr))

    def test_what_is_right(self) -> None:
        for index, (name, data) in enumerate(RIGHT.items()):
            back_end = BACK_ENDS[index % len(BACK_ENDS)]
            with self.subTest(name, back_end=back_end):
                run = self.run_command(*back_end, self.written(data))
                self.assertEqual(0, run.returncode, run.stderr)
                self.assertNotIn("error[", run.stderr)

    def test_files_that_cannot_be_read(self) -> None:
        (self.folder / "loop.idl").symlink_to("loop.idl")
        (self.folder / "folder.idl").mkdir()
        right = self.written(b"interface A {};")
        for path in ("loop.idl", "folder.idl", "missing.idl", "it.idl/beyond.idl", "a" * 300 + ".idl"):
            for files in ((self.folder / path,), (right, self.folder / path)):
                with self.subTest(path=path[:20], files=len(files)):
                    run = self.run_command(*files)
                    self.expect_refusal(run.returncode, run.stderr)
                    self.assertIn("error[cannot-read]", run.stderr)

    def test_files_that_may_be_opened_and_not_read(self) -> None:
        """Root may read what nobody may, but not this, which has nothing at address 0."""
        path = self.folder / "memory.idl"
        path.symlink_to("/proc/self/mem")
        run = self.run_command(path)
        self.expect_refusal(run.returncode, run.stderr)
        self.assertIn("memory.idl:1:1: error[cannot-read]", run.stderr)

    def test_names_without_utf_8(self) -> None:
        path = os.path.join(os.fsencode(self.folder), b"\xff\n.idl")
        with open(path, "wb") as stream:
            stream.write(b"interface A { x };")
        command = [*map(os.fsencode, COMMAND), b"--out", os.fsencode(self.out), path]
        run = subprocess.run(command, capture_output=True, check=False)
        self.assertEqual(1, run.returncode)
        self.assertIn(b"error[syntax]", run.stderr)
        self.assertNotIn(b"Traceback", run.stderr)

    def test_files_of_one_name(self) -> None:
        one, other = self.written(b"interface A {};", "one/it.idl"), self.written(b"interface A {};", "other/it.idl")
        run = self.run_command(one, other)
        self.expect_refusal(run.returncode, run.stderr)
        self.assertIn(f"{other}:1:11: error[duplicate-definition]", run.stderr)
        self.assertIn(f"{one}:1:11: note: declared here", run.stderr)
        other.write_bytes(b"interface B : A {};")
        run = self.run_command(one, other)
        self.assertEqual(("", 0), (run.stderr, run.returncode))
        self.assertEqual(["it.c", "it.h"], self.made())

    def test_one_file_twice(self) -> None:
        path = self.written(b"interface A {};")
        run = self.run_command(path, path)
        self.expect_refusal(run.returncode, run.stderr)

    def test_errors_leave_what_was_written_before(self) -> None:
        path = self.written(b"interface A { undefined f(); };")
        for back_end in BACK_ENDS:
            with self.subTest(back_end=back_end):
                self.assertEqual(0, self.run_command(*back_end, path).returncode)
        before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in self.out.iterdir()}
        path.write_bytes(b"interface A { undefined f(; };")
        for back_end in BACK_ENDS:
            with self.subTest(back_end=back_end):
                run = self.run_command(*back_end, path)
                self.assertEqual(1, run.returncode)
                self.assertIn("error[syntax]", run.stderr)
        self.assertEqual(before, {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in self.out.iterdir()})

    def test_every_error_of_every_file_in_one_run(self) -> None:
        one = self.written(b"interface A { long; attribute x; };\nenum E { 1 };\n", "one.idl")
        other = self.written(b"interface B : C { attribute sequence<long> s; };\ndictionary D { };\ndictionary D { };\n", "other.idl")
        run = self.run_command(one, other)
        places = re.findall(r"(?m)^\S*/(\w+\.idl:\d+):\d+: error\[([a-z-]+)\]", run.stderr)
        expected = [("one.idl:1", "syntax"), ("one.idl:1", "syntax"), ("one.idl:2", "syntax")]
        # C may be what did not parse; everything else is told.
        expected += [("other.idl:1", "attribute-type"), ("other.idl:3", "duplicate-definition")]
        self.assertEqual(expected, places)


class Mutations(Folder):
    """The IDL of the other tests with pieces removed, repeated, swapped and replaced by noise; in this process, for speed."""

    def run_here(self, arguments: Sequence[str]) -> Tuple[int, str]:
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            status = bindgen.main(arguments)
        return status, errors.getvalue()

    def test_mutations(self) -> None:
        chance = random.Random(SEED)
        print(f"mutations with seed {SEED}")
        folders = ("bindgen/*/*.idl", "behaviour/*.idl")
        originals = [path.read_bytes() for pattern in folders for path in sorted((TOP / "tests").glob(pattern))]
        right = 0
        for _ in range(ROUNDS):
            data = mutated(chance, chance.choice(originals))
            path = self.written(data)
            back_end = chance.choice(BACK_ENDS)
            shutil.rmtree(self.out, ignore_errors=True)
            with self.subTest(data, back_end=back_end):
                status, errors = self.run_here([*back_end, "--out", str(self.out), str(path)])
                if errors.startswith("bindgen: the IDL has no member"):
                    continue  # Nothing to explain.
                if status:
                    self.expect_refusal(status, errors)
                else:
                    right += 1
                    self.assertNotIn("error[", errors)
        self.assertGreater(right, ROUNDS // 20, "mutations that leave next to nothing right test the parser only")


_NOISE = (*lexer.KEYWORDS, *lexer.PUNCTUATION, "A", "B", '""', "0", "-1.5", "[A", "[Clamp]", "[A=(b c)]", "@", "_", "-", "\0", "/*", "é")


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Other bytes; often ones that are still right."""
    pieces = list(lexer.tokenize(source.SourceFile("", data.decode("utf-8", "replace")), diagnostics.Sink()).texts)
    words = [piece for piece in pieces if piece[:1].isalpha()]
    for _ in range(chance.choice((0, 1, 1, 1, 2, 5))):
        at = chance.randrange(len(pieces))
        kind = chance.random()
        if kind < 0.5 and words:
            # A word for another: types and names change places, and the syntax stays right.
            places = [index for index, piece in enumerate(pieces) if piece[:1].isalpha()]
            pieces[chance.choice(places)] = chance.choice(words)
        elif kind < 0.7:
            start = chance.randrange(len(pieces))
            pieces[at:at] = pieces[start : start + chance.randint(1, 20)]
        elif kind < 0.8:
            del pieces[at : at + chance.randint(1, 10)]
        else:
            pieces[at : at + chance.randint(0, 2)] = chance.choices(_NOISE, k=chance.randint(0, 2))
        pieces = pieces or [" "]
        words = [piece for piece in pieces if piece[:1].isalpha()]
    made = bytearray(" ".join(pieces).encode("utf-8"))
    if made and chance.random() < 0.05:
        for _ in range(chance.randint(1, 4)):
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


if __name__ == "__main__":
    unittest.main()
