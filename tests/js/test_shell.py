"""The shell's command line: what it runs, what it prints, and its exit status."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
from typing import Optional

TOP = pathlib.Path(__file__).resolve().parents[2]
SHELL = str(TOP / os.environ.get("OUT", "out/release") / "cleat")


class ShellTest(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name: str, source: bytes) -> str:
        (self.folder / name).write_bytes(source)
        return name

    def run_shell(self, *arguments: str, stdin: Optional[bytes] = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [SHELL, *arguments], cwd=self.folder, input=stdin or b"", capture_output=True, timeout=60, check=False
        )

    def check(self, arguments: list[str], status: int, out: str = "", err: str = "", stdin: bytes = b"") -> None:
        done = self.run_shell(*arguments, stdin=stdin)
        self.assertEqual(done.stdout.decode(), out)
        self.assertEqual(done.stderr.decode(), err)
        self.assertEqual(done.returncode, status)

    def test_runs_a_file_with_arguments(self) -> None:
        name = self.write("a.js", b"console.log(scriptArgs)")
        self.check([name], 0, "[]\n")
        self.check([name, "x", "--help", "-e", "\u00e4"], 0, "[ 'x', '--help', '-e', '\u00e4' ]\n")
        self.check(["--", name, "y"], 0, "[ 'y' ]\n")

    def test_runs_code(self) -> None:
        self.check(["-e", "console.log(scriptArgs); 'not printed'", "1", "2"], 0, "[ '1', '2' ]\n")
        self.check(["-e", ""], 0)
        self.check(["-e", "Symbol('has no copy')"], 0)

    def test_runs_standard_input(self) -> None:
        self.check(["-", "x"], 0, "in [ 'x' ]\n", stdin=b"console.log('in', scriptArgs)")
        self.check(["-"], 0)

    def test_skips_a_byte_order_mark_and_a_hashbang(self) -> None:
        self.check([self.write("bom.js", b"\xef\xbb\xbfconsole.log('\xc3\xa4')")], 0, "\u00e4\n")
        self.check([self.write("bang.js", b"#!/usr/bin/env cleat\nconsole.log(1)")], 0, "1\n")
        name = self.write("both.js", b"\xef\xbb\xbf#!cleat\nthrow new Error('second line')")
        self.assertIn(b"both.js:2:1: Error: second line", self.run_shell(name).stderr)

    def test_accepts_bytes_that_are_no_utf_8(self) -> None:
        self.check([self.write("latin1.js", b"console.log('\xe4')")], 0, "\ufffd\n")

    def test_runs_a_module(self) -> None:
        (self.folder / "lib").mkdir()
        self.write("lib/b.mjs", b"import { c } from '../c.mjs'; export const b = c + 1;")
        self.write("c.mjs", b"\xef\xbb\xbfexport const c = await Promise.resolve(1);")
        self.write("a.mjs", b"import { b } from './lib/b.mjs'; console.log(b, scriptArgs, this)")
        self.check(["a.mjs", "x"], 0, "2 [ 'x' ] undefined\n")
        self.check(["-e", "import('./a.mjs')"], 0, "2 [] undefined\n")
        self.check(["-"], 0, "2 [] undefined\n", stdin=b"import('./a.mjs')")
        self.write("s.js", b"import('./lib/b.mjs').then(m => console.log(m.b))")
        self.check(["s.js"], 0, "2\n")

    def test_a_module_that_fails(self) -> None:
        self.write("throws.mjs", b"\n  throw new TypeError('no')")
        self.write("a.mjs", b"import './throws.mjs'")
        done = self.run_shell("a.mjs")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"throws.mjs:2:9: TypeError: no", done.stderr)
        self.write("none.mjs", b"import './not.mjs'")
        done = self.run_shell("none.mjs")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Cannot import './not.mjs': No such file or directory (imported by ", done.stderr)
        self.check(["not.mjs"], 1, err="cleat: cannot read 'not.mjs': No such file or directory\n")
        self.write("waits.mjs", b"console.log(1); await new Promise(() => {})")
        self.check(["waits.mjs"], 1, "1\n", "cleat: 'waits.mjs' awaits what never comes\n")

    def test_modules_do_not_leave_their_root(self) -> None:
        for name in ["in", "in/sub", "out"]:
            (self.folder / name).mkdir()
        self.write("out/secret.mjs", b"console.log('secret')")
        self.write("in/ok.mjs", b"console.log('ok')")
        (self.folder / "in/link.mjs").symlink_to(self.folder / "out/secret.mjs")
        (self.folder / "in/linked").symlink_to(self.folder / "out")
        (self.folder / "in/inner.mjs").symlink_to("ok.mjs")
        (self.folder / "inside").symlink_to(self.folder / "in")
        (self.folder / "in-side").mkdir()
        self.write("in-side/x.mjs", b"console.log('beside')")
        root = os.path.realpath(self.folder / "in")
        for specifier in [
            "../out/secret.mjs",
            "./link.mjs",
            "./linked/secret.mjs",
            "./sub/../../out/secret.mjs",
            "../in-side/x.mjs",
            os.path.realpath(self.folder / "out/secret.mjs"),
            "/etc/passwd",
        ]:
            self.write("in/main.mjs", f"import '{specifier}'".encode())
            done = self.run_shell("in/main.mjs")
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertIn(f"it is outside of '{root}'".encode(), done.stderr)
        for specifier in ["./ok.mjs", "./inner.mjs", "../inside/ok.mjs", f"{root}/ok.mjs", "./sub/../ok.mjs"]:
            self.write("in/main.mjs", f"import '{specifier}'".encode())
            self.check(["in/main.mjs"], 0, "ok\n")
        self.write("in/main.mjs", b"import '../out/secret.mjs'")
        self.check(["--root", ".", "in/main.mjs"], 0, "secret\n")
        self.check(["--root", "/", "in/main.mjs"], 0, "secret\n")
        done = self.run_shell("--root", "out", "in/main.mjs")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Cannot import 'in/main.mjs': it is outside of ", done.stderr)
        self.check(["--root", "none", "in/main.mjs"], 1, err="cleat: cannot read 'none': No such file or directory\n")
        self.check(["--root"], 2, err="cleat: --root needs a folder\nTry 'cleat --help'.\n")
        os.mkfifo(self.folder / "in/pipe.mjs")
        self.write("in/main.mjs", b"import './pipe.mjs'")
        self.assertIn(b"it is no ordinary file", self.run_shell("in/main.mjs").stderr)

    def test_waits_until_nothing_is_left_to_do(self) -> None:
        code = "setTimeout(() => { console.log('later'); Promise.resolve().then(() => console.log('then')) }, 20)"
        self.check(["-e", code], 0, "later\nthen\n")

    def test_help_and_version(self) -> None:
        self.assertIn("usage: cleat FILE", self.run_shell("--help").stdout.decode())
        self.assertRegex(self.run_shell("--version").stdout.decode(), r"^Cleat \d+\.\d+\.\d+, V8 \d+\.\d+\.\d+.*\n$")

    def test_unreadable_files(self) -> None:
        self.check(["none.js"], 1, err="cleat: cannot read 'none.js': No such file or directory\n")
        self.check(["."], 1, err="cleat: cannot read '.': Is a directory\n")

    def test_misuse(self) -> None:
        hint = "Try 'cleat --help'.\n"
        self.check([], 2, err="cleat: no script is given\n" + hint)
        self.check(["--"], 2, err="cleat: no script is given\n" + hint)
        self.check(["-e"], 2, err="cleat: -e needs the code to run\n" + hint)
        self.check(["--unknown"], 2, err="cleat: no such option: --unknown\n" + hint)
        self.check(["-x", "a.js"], 2, err="cleat: no such option: -x\n" + hint)

    def check_failure(self, source: str, *expected: str) -> None:
        done = self.run_shell(self.write("f.js", source.encode()))
        self.assertEqual(done.returncode, 1, done)
        for text in expected:
            self.assertIn(text, done.stderr.decode())

    def test_a_script_that_throws(self) -> None:
        self.check_failure(
            "function f() {\n  throw new TypeError('message');\n}\nf();",
            "f.js:2:3: TypeError: message",
            "  throw new TypeError('message');",
            "at f (f.js:2:9)",
            "at f.js:4:1",
        )
        self.check_failure("throw 5", "5")
        self.check_failure("throw null", "null")
        self.check_failure("throw Symbol('s')")
        self.check_failure("throw { toString() { throw 1 } }")

    def test_a_script_that_is_no_javascript(self) -> None:
        self.check_failure("let a;\nlet = ;", "f.js:2:", "SyntaxError")

    def test_errors_that_come_later(self) -> None:
        self.check_failure("setTimeout(() => { throw new Error('in a timer') }, 1)", "Error: in a timer", "f.js:1:26")
        self.check_failure("queueMicrotask(() => { throw new Error('in a microtask') })", "Error: in a microtask")
        self.check_failure("Promise.reject(new Error('rejected'))", "Error: rejected")
        self.check_failure("(async () => { throw new Error('async') })()", "Error: async")

    def test_a_rejection_that_is_handled_in_time(self) -> None:
        code = "const p = Promise.reject(1); queueMicrotask(() => p.catch(() => console.log('ok')))"
        self.check(["-e", code], 0, "ok\n")

    def test_an_uncaught_error_ends_the_program(self) -> None:
        done = self.run_shell("-e", "setInterval(() => {}, 1); setTimeout(() => { throw 1 }, 5); console.log('begun')")
        self.assertEqual((done.returncode, done.stdout), (1, b"begun\n"))

    def test_output_that_nobody_reads(self) -> None:
        with subprocess.Popen([SHELL, "-e", "for (;;) console.log(1)"], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.read(10)
            process.stdout.close()
            self.assertNotEqual(process.wait(timeout=30), 0)

    def test_an_interrupt_ends_it(self) -> None:
        # Whoever runs the tests may ignore the signal, as a shell has its background jobs do.
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        with subprocess.Popen([SHELL, "-e", "console.log(1); for (;;);"], stdout=subprocess.PIPE) as process:
            self.addCleanup(process.kill)
            assert process.stdout
            process.stdout.read(1)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=30), -signal.SIGINT)

    def test_an_idle_program_takes_no_time_of_the_processor(self) -> None:
        with subprocess.Popen([SHELL, "-e", "setTimeout(() => {}, 1000)"]) as process:
            time.sleep(0.5)
            before = os.times().children_user + os.times().children_system
            process.wait(timeout=30)
            spent = os.times().children_user + os.times().children_system - before
        self.assertLess(spent, 0.7)


if __name__ == "__main__":
    unittest.main()
