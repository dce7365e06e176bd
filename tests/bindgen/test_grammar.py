"""The parser against the standard's grammar, which Lark runs: what one accepts, the other does too."""

from __future__ import annotations

import importlib
import os
import random
import sys
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import check  # noqa: E402
import diagnostics  # noqa: E402
import idl_parser  # noqa: E402
import lexer  # noqa: E402
import link  # noqa: E402
import source  # noqa: E402

lark: Any
try:
    lark = importlib.import_module("lark")
except ImportError:
    lark = None

# Grammar rules of the standard that bindgen reports as something more telling than a syntax error.
SAID_BETTER = {
    "constant-type",
    "constant-value",
    "member-kind",
    "nullable-inner",
    "partial-constructor",
    "partial-inheritance",
    "record-key",
    "required-default",
    "union-any",
    "union-member",
    "union-one-member",
}
# The standard has no limit on nesting, and bindgen has.
SAMPLES = [path for path in sorted((HERE / "diagnostics").glob("*.idl")) if path.stem != "nesting"]
SYNTAX = {"syntax", "character", "obsolete-async-iterable"}


# Twice what makes a form, once what does not.
_IN_ATTRIBUTES = ["A", "=", "(", ")", ",", "A", "=", "(", ")", ",", '"s"', "1", "1.5", "*", "long", "a", "[", "]", "{", "}", "@", ";"]


def found_rules(text: str) -> set[str]:
    sink = diagnostics.Sink()
    module = idl_parser.read(source.SourceFile("test.idl", text), sink)
    check.check(link.link([module], sink), sink)
    return {diagnostic.rule for diagnostic in sink.diagnostics}


@unittest.skipIf(lark is None, "Lark is not installed")
class Grammar(unittest.TestCase):
    oracle: Any
    SEED = int(os.environ.get("CLEAT_FUZZ_SEED", "20"))
    ROUNDS = int(os.environ.get("CLEAT_FUZZ_ROUNDS", "400"))

    @classmethod
    def setUpClass(cls) -> None:
        grammar = (HERE / "grammar.lark").read_text(encoding="utf-8")
        cls.oracle = lark.Lark(grammar, start="definitions", parser="lalr", lexer="basic")

    def oracle_accepts(self, text: str) -> bool:
        try:
            self.oracle.parse(text)
        except lark.exceptions.LarkError:
            return False
        return True

    def compare(self, text: str) -> None:
        rules = found_rules(text)
        if self.oracle_accepts(text):
            self.assertFalse(rules & SYNTAX, f"the standard accepts:\n{text}")
        else:
            self.assertTrue(rules & (SYNTAX | SAID_BETTER), f"the standard rejects:\n{text}")

    def test_every_diagnostics_sample(self) -> None:
        for path in SAMPLES:
            with self.subTest(path.name):
                self.compare(path.read_text(encoding="utf-8"))

    def test_extended_attributes_of_any_tokens(self) -> None:
        random.seed(self.SEED)
        for _ in range(self.ROUNDS):
            tokens = random.choices(_IN_ATTRIBUTES, k=random.randint(1, 9))
            text = f"[{' '.join(tokens)}] interface A {{ attribute long a; }};"
            with self.subTest(text):
                self.compare(text)

    def test_mutations(self) -> None:
        random.seed(self.SEED)
        print(f"grammar mutations with seed {self.SEED}")
        originals = [path.read_text(encoding="utf-8") for path in SAMPLES]
        vocabulary = lexer.KEYWORDS + lexer.PUNCTUATION + ["A", "B", "_long", '"s"', "0", "0x1f", "1.5", "-1e3", "@", "é"]
        for _ in range(self.ROUNDS):
            text = random.choice(originals)
            pieces = lexer.tokenize(source.SourceFile("", text), diagnostics.Sink()).texts
            for _ in range(random.randint(1, 2)):
                at = random.randrange(len(pieces))
                pieces[at : at + random.randint(0, 1)] = random.choices(vocabulary, k=random.randint(0, 1))
                pieces = pieces or [""]
            with self.subTest(" ".join(pieces)):
                self.compare(" ".join(pieces))


if __name__ == "__main__":
    unittest.main()
