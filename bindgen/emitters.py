"""The table of what can be made of IDL besides C: `--emit NAME` writes one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Sequence, Union

from emit_ast import emit_ast
from emit_dts import emit_dts
from emit_json import emit_json
from emit_md import emit_md
from emit_stubs import emit_stubs
from emit_test import emit_test
from model import Set
from program import Program
from syntax import Module


@dataclass(frozen=True)
class OfModules:
    """Makes text of files as they are written: their names need not mean anything."""

    summary: str
    suffix: str
    emit: Callable[[Sequence[Module]], str]


@dataclass(frozen=True)
class OfProgram:
    """Makes text of a program that was checked, the name of the set, and the names of its files."""

    summary: str
    suffix: str
    emit: Callable[[Program, str, Sequence[str]], str]


@dataclass(frozen=True)
class OfModel:
    """Makes text of a program, and of what it becomes in C."""

    summary: str
    suffix: str
    emit: Callable[[Program, Set], str]


OF_MODULES: Dict[str, OfModules] = {
    "ast": OfModules("the syntax tree as JSON, in the shape of webidl2.js", ".ast.json", emit_ast),
}

OF_PROGRAM: Dict[str, OfProgram] = {
    "dts": OfProgram("declarations for TypeScript", ".d.ts", lambda program, _, files: emit_dts(program, files)),
    "md": OfProgram("a reference page in Markdown", ".md", emit_md),
    "test": OfProgram("a test of what the standard promises of every member", "_test.js", emit_test),
}

OF_MODEL: Dict[str, OfModel] = {
    "json": OfModel("the members, for JavaScript and in C, as JSON", ".json", emit_json),
    "stubs": OfModel("C with every function to fill in", "_stubs.c", emit_stubs),
}

EMITTERS: Dict[str, Union[OfModules, OfProgram, OfModel]] = {**OF_MODULES, **OF_PROGRAM, **OF_MODEL}
