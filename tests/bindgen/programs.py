"""What tests do with bindgen: its command, and programs read, linked and checked by its modules."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import unittest
from pathlib import Path
from typing import Iterable, Sequence, Union

import bindgen
import check
import diagnostics
import idl_parser
import link
import program
import source
import syntax


# The options that some files of the tests are for.
_OPTIONS = {
    "exposed": ("--expose", "Page"),
    "exposure": ("--expose", "Page"),
    "prefix": ("--prefix", "my_app"),
}


def options(idl: Path) -> Sequence[str]:
    """What bindgen is to be given with a file."""
    return _OPTIONS.get(idl.stem, ())


def run_bindgen(*arguments: object) -> subprocess.CompletedProcess[str]:
    """What the command bindgen.py does, in this process: a start of Python, and templates compiled anew, take most of its time."""
    words, out, errors = [str(argument) for argument in arguments], io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            status = bindgen.main(words)
        except SystemExit as end:
            # Its options are refused so.
            status = end.code if isinstance(end.code, int) else 1
    return subprocess.CompletedProcess(words, status, out.getvalue(), errors.getvalue())


def parsed(files: Iterable[Union[Path, source.SourceFile]], sink: diagnostics.Sink) -> list[syntax.Module]:
    """The modules of files, or of texts."""
    loaded = (file if isinstance(file, source.SourceFile) else source.load(str(file)) for file in files)
    return [idl_parser.read(file, sink) for file in loaded]


def linked(files: Iterable[Union[Path, source.SourceFile]]) -> program.Program:
    """The program of files, whatever there is to find in it."""
    sink = diagnostics.Sink()
    return link.link(parsed(files, sink), sink)


# What begins with a look at whether what runs is to end.
_LOOKS = (
    "cleat_ends cleat_this cleat_require_args cleat_env cleat_return_promise cleat_return_cached cleat_return_json cleat_job "
    r"cleat_replace cleat_put_forwards cleat_collection_\w+ cleat_\w+_pairs? cleat_\w+_observable cleat_\w+_event_handler "
    r"cleat_\w+iterator\w*"
).split()


def natives_that_do_not_look(glue: str) -> list[str]:
    """The functions of members that do not begin with what a CleatNative is to begin with. Constructors are asked for."""
    made = dict(re.findall(r"^static void (js_\w+)\(CleatCall\* call\) \{\n((?:.+\n|\n(?!\}))*?)\}", glue, re.MULTILINE))
    tables = re.sub(r"^static const CleatMember js_factories_of_\w+\[\] = \{\n(?:.*\n)*?\};", "", glue, flags=re.MULTILINE)
    of_members = set(re.findall(r"\.(?:call|set) = (js_\w+)", tables))
    looks = re.compile(rf"\b(?:{'|'.join(_LOOKS)})\(\s*call\b")
    return [name for name, body in made.items() if name in of_members and not looks.search(body)]


def checked(test: unittest.TestCase, *files: Union[Path, source.SourceFile]) -> program.Program:
    """The program of files in which no errors are found."""
    sink = diagnostics.Sink()
    made = link.link(parsed(files, sink), sink)
    check.check(made, sink)
    errors = [found for found in sink.sorted() if found.severity == diagnostics.ERROR]
    test.assertEqual("", diagnostics.render(errors))
    return made
