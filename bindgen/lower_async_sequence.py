"""Lowers async_sequence<T>: the struct of what a script gives, and the functions by which C iterates over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import idl_types
import syntax
from idl_types import CType
from layout import comment, fit
from model import AsyncSequenceType
from names import Name

if TYPE_CHECKING:
    from lower_types import Types


def async_sequence(types: Types, type: syntax.GenericType) -> CType:
    """The row of an async sequence, declared, with its converter at hand."""
    element = types.row(type.element)
    # Names that say the type as it is converted, which its noun in C may not.
    noun = Name(element.to_stem).pascal
    is_own = element.own and element.to_stem == Name(element.noun).snake
    naming = types.told_apart if is_own else types.of_set
    base = naming(element.noun if is_own else noun, "AsyncSequence", type)
    row = idl_types.async_sequence(element, base)
    types.readers[row.to_stem] = lambda: types.helper("to_async_sequence", f"js_to_{row.to_stem}", row)
    if types.declare(row.c):
        made = _declaration(types, row, element, base)
        for name in (row.c, made.iteration, made.stepped, f"{made.snake}_next", f"{made.snake}_return"):
            types.claims.claim(name, type.span)
        types.declarations.append(made)
    return row


def _declaration(types: Types, row: CType, element: CType, base: str) -> AsyncSequenceType:
    iteration, stepped = f"{base}AsyncIteration", f"{base}Stepped"
    sequence_snake, snake = Name(row.c).snake, Name(iteration).snake
    open_given = ["CleatEnv* env", f"{row.c} sequence"]
    next_given = ["CleatEnv* env", f"{iteration}* iteration", f"{stepped}* stepped", "void* data"]
    leave_given = ["CleatEnv* env", f"{iteration}* iteration", "CleatValue* reason", "CleatReturned* returned"]
    leave_given.append("void* data")
    told = ["CleatEnv* env", "void* data", "CleatStep step", f"{element.parameter} value", "CleatValue* reason"]
    called = ["CleatEnv* env", "void* data", "CleatStep step", "const void* value", "CleatValue* reason"]
    advanced = ["env", "(CleatAsyncIteration*)iteration", f"&js_step_of_{snake}", "(void (*)(void))stepped", "data"]
    heads = (
        (f"{iteration}* {sequence_snake}_open(", open_given),
        (f"bool {snake}_next(", next_given),
        (f"bool {snake}_return(", leave_given),
    )
    release = (f"void {snake}_release({iteration}* iteration);",)
    by_pointer = element.passed == "&{value}"
    return AsyncSequenceType(
        comment=comment(row.idl),
        c=row.c,
        iteration=iteration,
        stepped=stepped,
        sequence_snake=sequence_snake,
        snake=snake,
        value=element.c,
        parameter=element.parameter,
        read=types.read(element, input="input", out="value"),
        passed=f"({element.parameter})value" if by_pointer else f"*({_constant(element.c)}*)value",
        prototypes=(fit(f"typedef void {stepped}(", told, ");"), *(fit(head, given, ");") for head, given in heads), release),
        call=fit(f"static void js_call_{snake}(", ["void (*stepped)(void)", *called], ") {"),
        open=fit(heads[0][0], heads[0][1], ") {"),
        next=fit(heads[1][0], heads[1][1], ") {"),
        advance=fit("return cleat_async_iteration_next(", advanced, ");", 2),
        leave=fit(heads[2][0], heads[2][1], ") {"),
    )


def _constant(c: str) -> str:
    return f"{c} const" if c.endswith("*") else f"const {c}"
