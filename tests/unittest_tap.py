"""Runs the unittest tests of one file and prints a line "ok 1 - name" or "not ok 1 - name" for each: see runner.py."""

from __future__ import annotations

import os
import sys
import unittest


class TapResult(unittest.TextTestResult):
    """Prints each test's result when the test ends; failures of its subtests make it fail."""

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.before = self.problems()

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        word = "not ok" if self.problems() > self.before else "ok"
        why = " # SKIP " + self.skipped[-1][1] if self.skipped and self.skipped[-1][0] is test else ""
        print(f"{word} {self.testsRun} - {test.id()}{why}", flush=True)

    def problems(self) -> int:
        return len(self.failures) + len(self.errors) + len(self.unexpectedSuccesses)


folder, name = os.path.split(sys.argv[1])
tests = unittest.defaultTestLoader.discover(folder, pattern=name)
result = unittest.TextTestRunner(sys.stdout, resultclass=TapResult, verbosity=0).run(tests)
sys.exit(0 if result.wasSuccessful() else 1)
