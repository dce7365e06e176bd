#!/usr/bin/python3
"""Runs suites of tests and counts their tests.

    tests/runner.py OUT[:KIND,...]...

OUT is a build's folder, such as out/release. KIND is a row of SUITES below, which finds its suites in OUT and in tests/;
without one, all of them run. For instance "tests/runner.py out/asan:googletest --only queue". A googletest tells its results by its JSON file; every other suite prints a line "ok 1 - name" or
"not ok 1 - name" for each test (a part of the Test Anything Protocol; "# SKIP why" behind the name skips it). A suite that
dies, takes too long or reports nothing has one failed test more. The output of a suite with a failure is printed.

A suite runs at the top of the tree, with OUT and TMPDIR (an empty folder of its own) in its environment.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Callable

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TAP_LINE = re.compile(r"(not )?ok\b[ \d]*(?:- *)?(.*)")


@dataclasses.dataclass(frozen=True)
class Suite:
    name: str
    command: list[str]
    results: Callable[[str, str], Counts]  # from what it printed, and its temporary folder


@dataclasses.dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"

    def add(self, other: Counts) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def tap_results(output: str, _folder: str) -> Counts:
    counts = Counts()
    for line in output.splitlines():
        match = TAP_LINE.fullmatch(line)
        if not match:
            continue
        if "# SKIP" in match[2]:
            counts.skipped += 1
        elif match[1]:
            counts.failed += 1
        else:
            counts.passed += 1
    return counts


def googletest_results(_output: str, folder: str) -> Counts:
    counts = Counts()
    path = f"{folder}/results.json"
    if not os.path.exists(path):
        return counts
    with open(path, encoding="utf-8") as file:
        suites = json.load(file)["testsuites"]
    for test in [test for suite in suites for test in suite["testsuite"]]:
        if test["result"] == "SKIPPED":
            counts.skipped += 1
        elif test["result"] == "COMPLETED" and "failures" not in test:
            counts.passed += 1
        elif test["result"] == "COMPLETED":
            counts.failed += 1
    return counts


def googletests(out: str) -> list[Suite]:
    with open(f"{out}/googletests.txt", encoding="utf-8") as file:
        names = file.read().split()
    return [Suite(name, [f"{out}/{name}", "--gtest_brief=1"], googletest_results) for name in names]


def python_tests(_out: str) -> list[Suite]:
    files = sorted(glob.glob("tests/**/test_*.py", recursive=True) + glob.glob("tests/**/*_test.py", recursive=True))
    return [Suite(name, ["/usr/bin/python3", "tests/unittest_tap.py", name], tap_results) for name in files]


def javascript_tests(out: str) -> list[Suite]:
    files = sorted(glob.glob("tests/**/*_test.js", recursive=True) + glob.glob("tests/**/*_test.mjs", recursive=True))
    suites = [Suite(name, [f"{out}/cleat", name], tap_results) for name in files]
    files = sorted(set(glob.glob("tests/behaviour/*.js")) - {"tests/behaviour/harness.js"})
    for command in (["behaviour"], ["attached_behaviour"], ["behaviour", "--snapshot"], ["behaviour", "--snapshot-of-all"]):
        name = " ".join(command)
        command = [f"{out}/{command[0]}", *command[1:], "tests/behaviour/harness.js", *files]
        suites.append(Suite(name, command, tap_results))
    suites.append(Suite("random", [f"{out}/random", "tests/random/random.js"], tap_results))
    return suites


def shell_tests(_out: str) -> list[Suite]:
    files = sorted(glob.glob("tests/**/*_test.sh", recursive=True))
    return [Suite(name, ["sh", name], tap_results) for name in files]


SUITES: dict[str, Callable[[str], list[Suite]]] = {
    "googletest": googletests,
    "python": python_tests,
    "javascript": javascript_tests,
    "shell": shell_tests,
}


def environment(out: str) -> dict[str, str]:
    """Returns what the suites see; a suppression names a place in a library that is not ours."""
    suppressions = os.path.join(TOP, "build/sanitizers")
    return dict(
        os.environ,
        OUT=out,
        ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1:detect_stack_use_after_return=1:strict_string_checks=1",
        LSAN_OPTIONS=f"suppressions={suppressions}/lsan.txt:print_suppressions=0",
        TSAN_OPTIONS=f"suppressions={suppressions}/tsan.txt:second_deadlock_stack=1:allocator_may_return_null=1"
        ":die_after_fork=0",  # a death test starts threads
        UBSAN_OPTIONS="print_stacktrace=1",
    )


def run(suite: Suite, out: str, seconds: float) -> tuple[Counts, str, float]:
    """Runs a suite; returns its counts, what it printed, and how long it took."""
    start = time.monotonic()
    if not shutil.which(suite.command[0]):
        return Counts(failed=1), f"{suite.name}: no {suite.command[0]}: is it built?\n", 0
    with tempfile.TemporaryDirectory(prefix="cleat-test-") as folder:
        process = subprocess.Popen(
            suite.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=dict(environment(out), TMPDIR=folder, GTEST_OUTPUT=f"json:{folder}/results.json"),
        )
        try:
            raw, _ = process.communicate(timeout=seconds)
            ending = ""
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raw, _ = process.communicate()
            ending = f"took more than {seconds:.0f} s"
        output = raw.decode("utf-8", "replace")
        counts = suite.results(output, folder)
    if not ending and process.returncode < 0:
        ending = f"died of {signal.Signals(-process.returncode).name}"
    elif not ending and process.returncode > 0 and not counts.failed:
        ending = f"exit status {process.returncode}, and no failed test"
    elif not ending and counts == Counts():
        ending = "reported no test"
    if ending:
        counts.failed += 1
        output += f"\n{suite.name}: {ending}\n"
    return counts, output, time.monotonic() - start


def can_fix_addresses() -> bool:
    return bool(shutil.which("setarch")) and subprocess.run(["setarch", "-R", "true"], check=False).returncode == 0


def selected(build: str, only: str) -> list[tuple[str, Suite]]:
    """Returns the suites that an argument OUT[:KIND,...] stands for, each with its OUT."""
    out, _, kinds = build.partition(":")
    suites = [suite for kind in (kinds.split(",") if kinds else SUITES) for suite in SUITES[kind](out)]
    # ThreadSanitizer needs the addresses of a process not to be too random.
    if "tsan" in os.path.basename(out) and can_fix_addresses():
        suites = [dataclasses.replace(suite, command=["setarch", "-R", *suite.command]) for suite in suites]
    return [(out, suite) for suite in suites if only in suite.name]


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs suites of tests and counts their tests.")
    parser.add_argument("builds", nargs="+", metavar="OUT[:KIND,...]", help="kinds: " + ", ".join(SUITES))
    parser.add_argument("--only", metavar="TEXT", default="", help="only suites with TEXT in their name")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="suites at a time")
    parser.add_argument("--timeout", type=float, default=300, help="seconds that a suite may take")
    arguments = parser.parse_args()
    os.chdir(TOP)

    total = Counts()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        suites = [found for build in arguments.builds for found in selected(build, arguments.only)]
        runs = [pool.submit(run, suite, out, arguments.timeout) for out, suite in suites]
        for (out, suite), future in zip(suites, runs):
            counts, output, seconds = future.result()
            total.add(counts)
            if counts.failed:
                print(output, end="" if output.endswith("\n") else "\n")
            print(f"{out} {suite.name}: {counts} ({seconds:.1f} s)", flush=True)
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
