"""The list of changes between two versions of the IDL: a golden for each kind of change."""

from __future__ import annotations

import os
import re
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import source  # noqa: E402
from api_diff import api_diff, breaks, render  # noqa: E402
from diagnostics import Sink  # noqa: E402
from expose import expose  # noqa: E402
from program import Program  # noqa: E402
from programs import checked, linked  # noqa: E402

CASES = HERE / "diff"
UPDATE = os.environ.get("CLEAT_UPDATE_GOLDENS") == "1"


def named(path: Path) -> source.SourceFile:
    """The file under its name alone, which does not depend on where the project is."""
    return source.SourceFile(path.name, path.read_text(encoding="utf-8"))


def exposed(program: Program) -> Program:
    """The program as a global object has it that is a Window, too."""
    return expose(program, {"Window"}, Sink())


class Changes(unittest.TestCase):
    """Each X.old.idl and X.new.idl in diff/ give exactly X.txt."""

    def test_goldens(self) -> None:
        for path in sorted(CASES.glob("*.old.idl")):
            stem = path.name.replace(".old.idl", "")
            with self.subTest(stem):
                old, new = (exposed(checked(self, named(CASES / f"{stem}.{age}.idl"))) for age in ("old", "new"))
                found = render(api_diff(old, new))
                golden = CASES / f"{stem}.txt"
                if UPDATE:
                    golden.write_text(found, encoding="utf-8")
                self.assertEqual(golden.read_text(encoding="utf-8"), found)

    def test_there_are_no_changes_between_a_version_and_itself(self) -> None:
        for path in sorted([*CASES.glob("*.idl"), *(HERE / "dts").glob("*.idl")]):
            with self.subTest(path.name):
                self.assertEqual([], api_diff(linked([path]), linked([path])))

    def test_what_scripts_cannot_see_is_no_change(self) -> None:
        old = (
            "dictionary D { long x; }; typedef (long or DOMString) T; interface mixin M { undefined f(T x); };\n"
            "[Exposed=*] interface A { undefined g(optional D x = {}); }; A includes M;\n"
        )
        new = (
            "[Exposed=*] interface A { undefined f((DOMString or long) y); };\n"
            "dictionary D { long x; }; partial interface A { undefined g(optional D y = {}); };\n"
        )
        self.assertEqual([], api_diff(*(checked(self, source.SourceFile("a.idl", text)) for text in (old, new))))

    def test_only_breaking_changes_break(self) -> None:
        for text, expected in (("undefined f(long x);", True), ("undefined f(); undefined g();", False)):
            old, new = (
                checked(self, source.SourceFile("a.idl", f"[Exposed=*] interface A {{ {members} }};"))
                for members in ("undefined f();", text)
            )
            self.assertEqual(expected, breaks(api_diff(old, new)))

    def test_what_breaks_one_way_is_a_change_the_other_way(self) -> None:
        for path in sorted(CASES.glob("*.old.idl")):
            with self.subTest(path.name):
                old, new = linked([path]), linked([Path(str(path).replace(".old.", ".new."))])
                there, back = ({f.subject for f in api_diff(*pair)} for pair in ((old, new), (new, old)))
                self.assertEqual(there, back)

    def test_every_message_has_a_golden(self) -> None:
        sources = "".join(path.read_text() for path in (HERE.parent.parent / "bindgen").glob("api_*.py"))
        texts = "".join(path.read_text() for path in CASES.glob("*.txt"))
        makers = "breaking|may_break|compatible|tightened|loosened|change|added"
        messages = re.findall(rf"""(?:{makers})\(f?(?:'|")((?:[^{{'"]|\{{[^}}]*\}})+)(?:'|")""", sources)
        self.assertGreater(len(messages), 30)
        for message in messages:
            pattern = ".+".join(map(re.escape, re.split(r"\{[^}]*\}", message)))
            with self.subTest(message):
                self.assertTrue(re.search(pattern, texts), pattern)


if __name__ == "__main__":
    unittest.main()
