"""C for all the IDL of the web: what is not supported yet is counted, and never a traceback. The count may only fall."""

from __future__ import annotations

import gc
import re
import sys
import unittest
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import idl_parser  # noqa: E402
import link  # noqa: E402
import lower  # noqa: E402
import npm  # noqa: E402
from diagnostics import Diagnostic, Sink  # noqa: E402
from naming import Naming  # noqa: E402

# How many places are refused. Lower it when fewer are; a change that needs it higher has broken something.
REFUSED = 438


def reason(found: Diagnostic) -> str:
    """What is wrong, without the names of the place."""
    return re.sub(r"'[^']*'|(?<=: )\w+$|(?<=type )\w+", "X", f"{found.rule}: {found.message}")


class Web(unittest.TestCase):
    def test_what_is_refused(self) -> None:
        gc.disable()
        self.addCleanup(gc.enable)
        sink = Sink()
        modules = [idl_parser.read(file, sink) for file in npm.webref(self)]
        self.assertFalse(sink.has_errors)
        lowering = Sink()
        lower.lower(link.link(modules, sink), Naming("webref"), ["@webref/idl"], lowering)
        counts = Counter(reason(found) for found in lowering.sorted())
        total = sum(counts.values())
        print(f"# {total} places are refused", *(f"#{n:6} {text}" for text, n in counts.most_common()), sep="\n")
        self.assertLessEqual(total, REFUSED)


if __name__ == "__main__":
    unittest.main()
