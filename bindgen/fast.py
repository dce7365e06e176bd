"""Fast calls: which operations optimised code may call directly, and the C function that it calls then.

On V8 10.2 and 11.3 an exception that follows upon a fast call's attempt escapes the try block around it. So an operation
is fast only where nothing can be thrown once V8 has decided for the fast call: what V8 itself checks before (whether an
argument is a Number) is safe, what C would have to refuse (a NaN for a restricted double) is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Sequence, Tuple, Union

import syntax
from idl_types import CType
from layout import fit
from model import Fast

# bind.h: CLEAT_FAST_ARGUMENTS.
MOST_ARGUMENTS = 8


@dataclass(frozen=True)
class _Row:
    """How a type crosses: as which C type and which CleatFastType, and how that becomes the hook's argument."""

    c: str
    fast: str
    convert: str = "{value}"


def _modulo(c: str) -> _Row:
    return _Row("double", "DOUBLE", f"({c})cleat_fast_modulo({{value}})")


def _clamp(c: str, lower: str, upper: str) -> _Row:
    return _Row("double", "DOUBLE", f"({c})cleat_fast_clamp({{value}}, {lower}, {upper})")


_ARGUMENTS: Dict[str, _Row] = {
    "boolean": _Row("bool", "BOOLEAN"),
    "byte": _Row("int32_t", "INT32", "(int8_t){value}"),
    "octet": _Row("uint32_t", "UINT32", "(uint8_t){value}"),
    "short": _Row("int32_t", "INT32", "(int16_t){value}"),
    "unsigned short": _Row("uint32_t", "UINT32", "(uint16_t){value}"),
    "long": _Row("int32_t", "INT32"),
    "unsigned long": _Row("uint32_t", "UINT32"),
    "long long": _modulo("int64_t"),
    "unsigned long long": _modulo("uint64_t"),
    "[Clamp] byte": _clamp("int8_t", "INT8_MIN", "INT8_MAX"),
    "[Clamp] octet": _clamp("uint8_t", "0", "UINT8_MAX"),
    "[Clamp] short": _clamp("int16_t", "INT16_MIN", "INT16_MAX"),
    "[Clamp] unsigned short": _clamp("uint16_t", "0", "UINT16_MAX"),
    "[Clamp] long": _clamp("int32_t", "INT32_MIN", "INT32_MAX"),
    "[Clamp] unsigned long": _clamp("uint32_t", "0", "UINT32_MAX"),
    "[Clamp] long long": _clamp("int64_t", "-9007199254740991", "9007199254740991"),
    "[Clamp] unsigned long long": _clamp("uint64_t", "0", "9007199254740991"),
    "unrestricted float": _Row("float", "FLOAT"),
    "unrestricted double": _Row("double", "DOUBLE"),
}
_SIGNED = _Row("int32_t", "INT32")
_UNSIGNED = _Row("uint32_t", "UINT32")
_REAL = _Row("double", "DOUBLE")
_RESULTS: Dict[str, _Row] = {
    "undefined": _Row("void", "VOID"),
    "boolean": _Row("bool", "BOOLEAN"),
    "byte": _SIGNED,
    "octet": _UNSIGNED,
    "short": _SIGNED,
    "unsigned short": _UNSIGNED,
    "long": _SIGNED,
    "unsigned long": _UNSIGNED,
    "long long": _Row("double", "DOUBLE", "(double){value}"),
    "unsigned long long": _Row("double", "DOUBLE", "(double){value}"),
    "float": _REAL,
    "double": _REAL,
    "unrestricted float": _REAL,
    "unrestricted double": _REAL,
}
_WHY_NOT = {
    "double": "NaN and the infinities must be a TypeError, which would escape a try block; unrestricted double is fast",
    "float": "NaN and the infinities must be a TypeError, which would escape a try block; unrestricted float is fast",
}


@dataclass(frozen=True)
class Candidate:
    """An operation whose hook is known."""

    member: syntax.Operation
    name: str  # of the glue
    hook: str
    throws: bool
    takes_env: bool
    receiver: str  # the C type, or ""
    arguments: Sequence[Tuple[str, CType]]  # the variable of each and its type
    result: CType
    refused: bool  # by [NoFastCall]


def decide(candidate: Candidate) -> Union[Fast, str]:
    """The fast call of an operation, or why it has none."""
    return _reason(candidate) or _fast(candidate)


def _reason(candidate: Candidate) -> Optional[str]:
    member = candidate.member
    if candidate.refused:
        return "[NoFastCall]"
    if candidate.throws:
        return "[Throws]: an exception would escape a try block"
    if candidate.takes_env:
        return "[CallWith=Env]: a fast call cannot touch JavaScript"
    if candidate.result.idl not in _RESULTS:
        return f"its result is of type {candidate.result.idl}, which needs V8's heap"
    if len(member.arguments) > MOST_ARGUMENTS:
        return f"it has more than {MOST_ARGUMENTS} arguments"
    for argument, (_, row) in zip(member.arguments, candidate.arguments):
        if argument.optional or argument.variadic:
            return f"argument {argument.name} may be missing"
        if row.idl not in _ARGUMENTS:
            why = _WHY_NOT.get(row.idl, "only booleans, numbers and integers without [EnforceRange] are")
            return f"argument {argument.name} is of type {row.idl}: {why}"
    return None


def _fast(candidate: Candidate) -> Fast:
    rows = [(text, _ARGUMENTS[row.idl]) for text, row in candidate.arguments]
    result = _RESULTS[candidate.result.idl]
    name = f"js_fast_of_{candidate.name}"
    parameters = ["CleatValue* receiver", *(f"{row.c} {text}" for text, row in rows)]
    passed = ["self"] if candidate.receiver else []
    passed += [row.convert.format(value=text) for text, row in rows]
    before, after = ("return " + result.convert if result.c != "void" else "{value}").split("{value}")
    return Fast(
        name=name,
        descriptor=f"js_fast_call_of_{candidate.name}",
        prototype=fit(f"static {result.c} {name}(", parameters, ") {"),
        receiver=f"{candidate.receiver}*" if candidate.receiver else "",
        none="" if result.c == "void" else " 0",
        call=fit(f"{before}{candidate.hook}(", passed, f"){after};", 2),
        result=f"CLEAT_FAST_{result.fast}",
        argument_count=len(rows),
        arguments=fit("    .arguments = {", [f"CLEAT_FAST_{row.fast}" for _, row in rows], "},") if rows else (),
    )
