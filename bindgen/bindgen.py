"""Generates a C header and glue, and more, from Web IDL. README.md says how it works.

Exit status 0; or 1, with every error on stderr and nothing written. That of --diff says what was found: see _diff.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import Dict, FrozenSet, List, Optional, Sequence

import api_diff
import idl_types
import rules
from check import Options, check
from diagnostics import ERROR, WARNING, Sink, render as render_diagnostics
from emitters import EMITTERS, OF_MODEL, OF_MODULES, OF_PROGRAM
from explain import explain
from expose import expose
from idl_parser import read
from link import LIBRARIES, PRELUDE, library_path, link
from lower import lower
from model import Set
from naming import Naming
from names import Name
from program import Program
from render import TEMPLATES, depfile, render, write_files
from source import Imported, load
from syntax import Module


def main(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    if options.types:
        _print_types()
        return 0
    if options.rules:
        print("\n".join(rules.documentation()))
        return 0
    problems = _Problems(_names(options.allow))
    if options.diff:
        return _diff(options, problems)
    modules = _read(options.files, problems)
    for text in options.imports:
        modules += _read([text.rpartition("=")[2]], problems, _imported(text))
    if problems.files:
        return problems.report()
    stem = Path(options.out) / (options.name or Path(options.files[0]).stem)
    if options.emit in OF_MODULES and not options.check:
        emitter = OF_MODULES[options.emit]
        texts = {stem.with_name(stem.name + emitter.suffix): emitter.emit(modules)}
    else:
        program = _checked(modules, options, problems)
        if not options.check and not problems.any:
            program = expose(program, _names(options.expose), problems.sink)
        if options.check or problems.any:
            return problems.report()
        texts = _generate(program, stem, options, problems)
    if not problems.any and not options.explain:
        _write(texts, options, problems)
    return problems.report()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    # The command of an installed Cleat runs this file.
    installed = Path(__file__).resolve().parts[-4:-1] == ("share", "cleat", "bindgen")
    name = "cleat-bindgen" if installed else "bindgen.py"
    parser = argparse.ArgumentParser(prog=name, description="Generates C, and more, from Web IDL.")
    parser.add_argument("files", nargs="*", metavar="FILE.idl", help="one set of bindings together")
    parser.add_argument("--check", action="store_true", help="check the files against the standard; write nothing")
    parser.add_argument("--emit", choices=EMITTERS, help=f"write {_list_emitters()} instead of C")
    parser.add_argument("--diff", nargs=2, metavar=("OLD", "NEW"), help="list what changed, and what breaks scripts")
    parser.add_argument("--name", help="of the files that are written and of the set (default: that of the first file)")
    parser.add_argument("--prefix", default="", help="what every hook, type and class is to begin with")
    parser.add_argument(
        "--import",
        action="append",
        default=[],
        dest="imports",
        metavar="[NAME[/PREFIX]=]FILE.idl",
        help="a file of another set of bindings, NAME (default: the name of the file), whose definitions can be used",
    )
    parser.add_argument("--out", default=".", metavar="DIR", help="where the files go (default: here)")
    parser.add_argument("--depfile", metavar="FILE", help="write there what the output was made from, for Ninja")
    parser.add_argument(
        "--allow", default="", metavar="RULE,...", help="tell of no warnings and notes of these rules, but of errors"
    )
    parser.add_argument("--warn-unknown-attributes", action="store_true", help="instead of refusing them")
    parser.add_argument(
        "--globals",
        default="",
        metavar="NAME,...",
        help="all that [Exposed] may name, besides the interfaces with [Global] (default: any name)",
    )
    parser.add_argument(
        "--expose",
        default="",
        metavar="NAME,...",
        help="the names that the global object has in [Exposed], besides CleatGlobalScope: what names others is left out",
    )
    parser.add_argument("--explain", metavar="MEMBER", help="print how a member such as 'Foo.bar' is called; '*': all")
    parser.add_argument("--types", action="store_true", help="print the table of types and exit")
    parser.add_argument("--rules", action="store_true", help="print the table of rules and exit")
    options = parser.parse_args(arguments)
    if not (options.files or options.types or options.rules or options.diff):
        parser.error("no FILE.idl")
    if options.files and options.diff:
        parser.error("--diff compares two files or folders, and takes no others")
    for rule in _names(options.allow) - rules.RULES.keys():
        parser.error(f"--allow: no rule is called '{rule}'; --rules lists them")
    for what, text in (("--name", options.name), ("--prefix", options.prefix)):
        if text and ("/" in text or not Name(text).snake.isidentifier()):
            parser.error(f"{what} must begin with a letter, and is no path: {text}")
    return options


def _list_emitters() -> str:
    return ", ".join(f"{emitter.summary} ({name})" for name, emitter in EMITTERS.items())


class _Problems:
    """What goes wrong in a run: findings in the IDL, and files that cannot be read or written."""

    def __init__(self, allowed: FrozenSet[str]) -> None:
        self.sink = Sink()
        self.files: List[str] = []
        # The rules whose warnings and notes are not wanted.
        self.allowed = allowed

    @property
    def any(self) -> bool:
        return self.sink.has_errors or bool(self.files)

    def file(self, rule: str, path: str, error: OSError) -> None:
        self.files.append(f"{error.filename or path}:1:1: error[{rule}]: {error.strerror or error}\n")

    def report(self) -> int:
        told = (one for one in self.sink.sorted() if one.severity == ERROR or one.rule not in self.allowed)
        sys.stderr.write("".join(self.files) + render_diagnostics(told))
        return 1 if self.any else 0


def _imported(text: str) -> Imported:
    """The set that an --import is of."""
    of, _, path = text.rpartition("=")
    name, _, prefix = of.partition("/")
    return Imported(name or Path(path).stem, prefix)


def _read(paths: Sequence[str], problems: _Problems, imported: Optional[Imported] = None) -> List[Module]:
    modules = []
    for path in paths:
        try:
            if _library_of(path) != PRELUDE:
                modules.append(read(load(path, imported=imported), problems.sink))
        except OSError as error:
            problems.file("cannot-read", path, error)
    return modules


def _library_of(path: str) -> str:
    """Whether a file is the prelude's, or that of a library: its name, or ""."""
    same = (one for one in (PRELUDE, *LIBRARIES) if os.path.exists(path) and os.path.samefile(path, library_path(one)))
    return next(same, "")


def _checked(modules: Sequence[Module], options: argparse.Namespace, problems: _Problems) -> Program:
    program = link(modules, problems.sink)
    severity = WARNING if options.warn_unknown_attributes else ERROR
    names = _names(options.globals), _names(options.expose)
    check(program, problems.sink, Options(severity, *names))
    return program


def _names(text: str) -> FrozenSet[str]:
    return frozenset(name for name in text.split(",") if name)


def _generate(
    program: Program, stem: Path, options: argparse.Namespace, problems: _Problems
) -> Dict[Path, str]:
    """The text of each file to write. `stem` is their path without its suffix."""
    if options.emit in OF_PROGRAM:
        emitter = OF_PROGRAM[options.emit]
        sources = [os.path.basename(path) for path in options.files]
        return {stem.with_name(stem.name + emitter.suffix): emitter.emit(program, stem.name, sources)}
    model = _lower(program, Naming(stem.name, options.prefix), options.files, problems)
    if problems.any:
        return {}
    if options.explain:
        _explain(program, model, options.explain, problems)
        return {}
    if options.emit:
        made = OF_MODEL[options.emit]
        return {stem.with_name(stem.name + made.suffix): made.emit(program, model)}
    header_text, glue_text = render(model)
    return {stem.with_name(f"{model.file}.h"): header_text, stem.with_name(f"{model.file}.c"): glue_text}


def _lower(program: Program, naming: Naming, files: Sequence[str], problems: _Problems) -> Set:
    sources = [os.path.basename(path) for path in files]
    return lower(program, naming, sources, problems.sink, next(filter(None, map(_library_of, files)), ""))


def _write(texts: Dict[Path, str], options: argparse.Namespace, problems: _Problems) -> None:
    outputs = [str(path) for path in texts]
    imports = [text.rpartition("=")[2] for text in options.imports]
    if options.depfile:
        texts = {**texts, Path(options.depfile): depfile(outputs, [*options.files, *imports, *_own_files()])}
    try:
        write_files(texts)
    except OSError as error:
        problems.file("cannot-write", outputs[0], error)


def _diff(options: argparse.Namespace, problems: _Problems) -> int:
    """Lists the changes on stdout. Exit status 0; or 1, if scripts break; or 2, with errors in the IDL on stderr."""
    versions = [_checked(_read(_idl_files(path), problems), options, problems) for path in options.diff]
    if not problems.any:
        versions = [expose(program, _names(options.expose), problems.sink) for program in versions]
    problems.report()
    if problems.any:
        return 2
    findings = api_diff.api_diff(*versions)
    sys.stdout.write(api_diff.render(findings))
    return 1 if api_diff.breaks(findings) else 0


def _idl_files(path: str) -> List[str]:
    """The file itself, or all that a folder has."""
    return sorted(map(str, Path(path).rglob("*.idl"))) if os.path.isdir(path) else [path]


def _explain(program: Program, model: Set, pattern: str, problems: _Problems) -> None:
    text = explain(program, model, pattern)
    sys.stdout.write(text)
    if not text:
        problems.files.append(f"bindgen: the IDL has no member '{pattern}'\n")


def _own_files() -> List[str]:
    """The generator itself, as far as its output depends on it."""
    here = Path(__file__).resolve().parent
    modules = sorted(here.glob("*.py"))
    templates = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
    libraries = map(library_path, (PRELUDE, *LIBRARIES))
    return [os.path.relpath(path) for path in (*modules, *templates, *libraries)]


def _print_types() -> None:
    """The table of types, as Markdown."""
    print("| Web IDL | argument of a hook | its result, a field | |")
    print("|---|---|---|---|")
    for idl, argument, result, note in idl_types.documentation():
        print(f"| {_cell(idl)} | {_cell(argument)} | {_cell(result)} | {note} |")


def _cell(text: str) -> str:
    return text if not text or text.startswith("as ") else f"`{text}`"


if __name__ == "__main__":
    # All that is made lives until the end, so that looking for garbage only takes time.
    gc.disable()
    try:
        sys.exit(main(sys.argv[1:]))
    except ModuleNotFoundError as error:
        missing = f"this Python ({sys.executable}) has no {error.name}; install it (Debian: python3-{error.name})"
        sys.exit(f"bindgen: {missing}")
