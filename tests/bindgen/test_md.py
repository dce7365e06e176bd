"""Reference pages: a golden, and that every link leads somewhere."""

from __future__ import annotations

import os
import re
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

from emit_md import emit_md  # noqa: E402
from programs import checked  # noqa: E402

GOLDEN = HERE / "md" / "image.md"
UPDATE = os.environ.get("CLEAT_UPDATE_GOLDENS") == "1"


class Reference(unittest.TestCase):
    def setUp(self) -> None:
        path = GOLDEN.with_suffix(".idl")
        self.text = emit_md(checked(self, path), "image", [path.name])

    def test_golden(self) -> None:
        if UPDATE:
            GOLDEN.write_text(self.text, encoding="utf-8")
        self.assertEqual(GOLDEN.read_text(encoding="utf-8"), self.text)

    def test_every_link_leads_to_a_heading(self) -> None:
        headings = {heading.lower() for heading in re.findall(r"^## (.*)$", self.text, re.MULTILINE)}
        links = set(re.findall(r"\]\(#(.*?)\)", self.text))
        self.assertEqual(set(), links - headings)
        self.assertEqual(set(), headings - links)

    def test_every_row_of_a_table_has_the_columns_of_its_head(self) -> None:
        for table in re.findall(r"(?:^\|.*\n)+", self.text, re.MULTILINE):
            counts = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
            self.assertEqual(1, len(counts), table)


if __name__ == "__main__":
    unittest.main()
