"""The layout of generated C: lines that are too long are broken where C may be, or are left as they are."""

from __future__ import annotations

import random
import re
import sys
import unittest
from pathlib import Path
from typing import Callable, List

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

from layout import LIMIT, comment, fit, one_line, rows, tidy  # noqa: E402

LONG = "a_name_that_takes_sixty_columns_of_the_hundred_and_twenty___"


def squeezed(text: str) -> str:
    """A text without the spaces that are in no string."""
    return "".join(part if part.startswith('"') else "".join(part.split()) for part in re.split(r'("(?:[^"\\]|\\.)*")', text))


class Broken(unittest.TestCase):
    maxDiff = None

    def check_lines(self, line: str, *expected: str) -> None:
        self.assertEqual(tidy(line).split("\n"), list(expected))

    def test_arguments_in_a_column(self) -> None:
        self.check_lines(
            f'  cleat_define(env, object, "{LONG}", cleat_string(env, (value->first)), value->second);',
            f'  cleat_define(env, object, "{LONG}",',
            "               cleat_string(env, (value->first)), value->second);",
        )

    def test_arguments_below_where_the_name_leaves_no_room(self) -> None:
        self.check_lines(f"static void {LONG}_{LONG}(CleatCall* call) {{", f"static void {LONG}_{LONG}(", "    CleatCall* call) {")

    def test_a_value_below_what_it_is_assigned_to(self) -> None:
        self.check_lines(f"  {LONG}Job* job = ({LONG}Job*)cleat_job(call);", f"  {LONG}Job* job =", f"      ({LONG}Job*)cleat_job(call);")
        self.check_lines(f"  {LONG}Job* job = ({LONG}Job*)self;", f"  {LONG}Job* job =", f"      ({LONG}Job*)self;")

    def test_a_call_without_arguments(self) -> None:
        self.check_lines(f"  LongRecord result = {LONG}_{LONG}();", "  LongRecord result =", f"      {LONG}_{LONG}();")
        self.check_lines(f"  {LONG}_{LONG}_();", f"  {LONG}_{LONG}_();")

    def test_what_is_guarded_below_the_tests(self) -> None:
        self.check_lines(
            f"  if (!js_to_x(&{LONG}, &member) || !js_to_y(&{LONG})) goto end;",
            f"  if (!js_to_x(&{LONG}, &member) ||",
            f"      !js_to_y(&{LONG}))",
            "    goto end;",
        )

    def test_tests_before_a_block(self) -> None:
        self.check_lines(
            f"  if (cleat_input_is_undefined({LONG}) || cleat_input_is_null({LONG}) || other) {{",
            f"  if (cleat_input_is_undefined({LONG}) ||",
            f"      cleat_input_is_null({LONG}) || other) {{",
        )

    def test_brackets_and_commas_in_strings_are_none(self) -> None:
        self.check_lines(
            f'  cleat_throw(env, "a ) and a ( and \\"a, b\\" of {LONG}", first(1, 2), second);',
            f'  cleat_throw(env, "a ) and a ( and \\"a, b\\" of {LONG}",',
            "              first(1, 2), second);",
        )

    def test_what_has_no_place_is_left_alone(self) -> None:
        for line in (
            f"// {LONG}({LONG}, {LONG})",
            f"#define X({LONG}) f({LONG}, {LONG})",
            f"  int x = f({LONG}, {LONG});  // why",
            f"  {LONG} {LONG}{LONG};",
            f"  f({LONG}, {LONG} /* , */);",
            f'  "{LONG}, {LONG}"',
            f"  f({LONG}, {LONG}",
            f"  if (!{LONG}_{LONG}(",
            f"      {LONG}, {LONG}))",
        ):
            with self.subTest(line):
                self.check_lines(line, line)

    def test_statements_of_all_kinds_keep_all_they_have(self) -> None:
        chance = random.Random(1)
        for _ in range(20_000):
            line = "  " * chance.randint(1, 3) + statement(chance)
            made = tidy(line)
            self.assertEqual(squeezed(made), squeezed(line), line)
            for part in made.split("\n")[1:]:
                self.assertTrue(part.startswith("    ") and part.strip() not in ("", ")", ");"), made)
            if len(line) <= LIMIT:
                self.assertEqual(made, line)

    def test_short_functions(self) -> None:
        self.check_lines("static int f(void) {\n  return 1;\n}", "static int f(void) { return 1; }")
        long = f"static int {LONG}(void) {{\n  return f({LONG});\n}}"
        self.check_lines(long, *long.split("\n"))


def expression(chance: random.Random, depth: int = 0) -> str:
    leaf: List[Callable[[], str]] = [lambda: "x" * chance.randint(1, 50), lambda: '"a, (b) && \\"c\\" = "', lambda: "0", lambda: "name->field[1]"]
    inner: List[Callable[[], str]] = [
        lambda: f"{'f' * chance.randint(1, 60)}({', '.join(expression(chance, depth + 1) for _ in range(chance.randint(0, 4)))})",
        lambda: f"(Type*){expression(chance, depth + 1)}",
        lambda: f"{expression(chance, depth + 1)} == NULL ? {expression(chance, depth + 1)} : {expression(chance, depth + 1)}",
        lambda: f"(Struct){{.has = {expression(chance, depth + 1)}, 1}}",
    ]
    return chance.choice(leaf if depth > 2 else inner)()


def statement(chance: random.Random) -> str:
    tests = chance.choice((" && ", " || ")).join(expression(chance, 1) for _ in range(chance.randint(1, 3)))
    value = expression(chance)
    kinds = (
        f"return {value};",
        f"T x = {value};",
        f"{value};",
        f"if ({tests}) {{",
        f"if (!{value}) return false;",
        f"if ({tests}) members[1] = {value};",
        f"}} else if ({tests}) {{",
    )
    return chance.choice(kinds)


class Parts(unittest.TestCase):
    def test_fit(self) -> None:
        self.assertEqual(fit("f(", ["a", "b"], ");"), ("f(a, b);",))
        self.assertEqual(fit("f(", [], ");"), ("f();",))
        self.assertEqual(fit("f(", [LONG, LONG], ");"), (f"f({LONG},", f"  {LONG});"))

    def test_comments(self) -> None:
        self.assertEqual(comment("One.", "", "Two."), ("// One.", "//", "// Two."))
        self.assertEqual(comment("it ends with \\"), ("// it ends with \\ .",))
        self.assertTrue(all(len(line) <= LIMIT for line in comment("word " * 100)))

    def test_one_line(self) -> None:
        self.assertEqual(one_line('a /* b\n c */ d // e\n "/* f */"'), 'a d "/* f */"')

    def test_rows(self) -> None:
        self.assertEqual(rows([("a;", "one"), ("bcd;", "two")]), ("a;    // one", "bcd;  // two"))
        self.assertEqual(rows([("a;", "one " * 40)])[0][:6], "// one")


if __name__ == "__main__":
    unittest.main()
