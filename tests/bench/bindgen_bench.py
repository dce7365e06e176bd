#!/usr/bin/python3
"""How long bindgen takes for all the IDL of the web (@webref/idl, from npm): reported, not asserted.

    tests/bench/bindgen_bench.py

What the back end refuses is left out of the C.
"""

from __future__ import annotations

import gc
import sys
import time
import unittest
from pathlib import Path
from typing import Callable, TypeVar

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "bindgen"))
sys.path.insert(0, str(TOP / "tests" / "bindgen"))

import check  # noqa: E402
import idl_parser  # noqa: E402
import link  # noqa: E402
import lower  # noqa: E402
import npm  # noqa: E402
import render  # noqa: E402
from diagnostics import Sink  # noqa: E402
from emitters import OF_PROGRAM  # noqa: E402
from naming import Naming  # noqa: E402

T = TypeVar("T")


def timed(what: str, body: Callable[[], T]) -> T:
    start = time.perf_counter()
    made = body()
    print(f"{what:24}{time.perf_counter() - start:8.2f} s", flush=True)
    return made


def main() -> int:
    try:
        loaded = npm.webref(unittest.TestCase())
    except unittest.SkipTest as why:
        print(f"skipped: {why}")
        return 0
    print(f"{sum(file.text.count(chr(10)) for file in loaded)} lines in {len(loaded)} files")
    # As bindgen.py does: what it makes lives until it ends.
    gc.disable()
    sink = Sink()
    start = time.perf_counter()
    modules = timed("parse", lambda: [idl_parser.read(file, sink) for file in loaded])
    program = timed("link", lambda: link.link(modules, sink))
    timed("check", lambda: check.check(program, sink))
    print(f"{'parse, link and check':24}{time.perf_counter() - start:8.2f} s  (aim: 0.5 s)")
    start = time.perf_counter()
    model = timed("lower", lambda: lower.lower(program, Naming("webref"), ["webref"], Sink()))
    timed("header and glue", lambda: render.render(model))
    for name, emitter in OF_PROGRAM.items():
        timed(name, lambda: emitter.emit(program, "webref", ["webref"]))
    print(f"{'everything':24}{time.perf_counter() - start:8.2f} s  (aim: 5 s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
