"""[Dispose]: the method of ECMAScript's explicit resource management that an operation or an interface gives."""

from __future__ import annotations

from typing import Any, Iterable

import program as linked
import syntax
from program import Program


def symbol_of(program: Program, overloads: Iterable[object]) -> str:
    """The symbol that an operation is found under as well, "Symbol.dispose" or "Symbol.asyncDispose"; "" for none."""
    for member in overloads:
        if isinstance(member, syntax.Operation) and member.attribute("Dispose"):
            return "Symbol.asyncDispose" if _is_promise(program, member.type) else "Symbol.dispose"
    return ""


def is_disposable(interface: Any) -> bool:
    """Whether objects of an interface, or of one that it inherits from, have a [Symbol.dispose]() that frees them."""
    return isinstance(interface, linked.Interface) and any(
        one.attribute("Dispose") for one in (interface, *interface.ancestors())
    )


def _is_promise(program: Program, type: syntax.Type) -> bool:
    inner = program.innermost(type)
    return isinstance(inner, syntax.GenericType) and inner.name == "Promise"
