"""What changed between two signatures or two types, and what that means to the scripts on the other side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Optional, Sequence, Tuple

import syntax
from idl_text import type_text
from program import Program
from type_relation import Typed, same, within

# What a change does to scripts that were written for the old version.
BREAKING = "breaking"
MAY_BREAK = "may break"
COMPATIBLE = "compatible"
_ORDER = (COMPATIBLE, MAY_BREAK, BREAKING)


@dataclass(frozen=True)
class Change:
    severity: str
    what: str


@dataclass(frozen=True)
class Signature:
    """What is called, by whom: scripts call operations, and are called through callbacks."""

    arguments: Tuple[syntax.Argument, ...]
    result: Optional[Typed]
    program: Program
    by_scripts: bool = True

    def argument(self, index: int) -> Typed:
        return Typed(self.program, self.arguments[index].type)


def breaking(what: str) -> Change:
    return Change(BREAKING, what)


def may_break(what: str) -> Change:
    return Change(MAY_BREAK, what)


def compatible(what: str) -> Change:
    return Change(COMPATIBLE, what)


def worst(changes: Sequence[Change]) -> int:
    """How bad the worst change is, from 0."""
    return max((_ORDER.index(change.severity) for change in changes), default=0)


# ---------------------------------------------------------------------------
# Types


def given(old: Typed, new: Typed, what: str) -> Iterator[Change]:
    """Changes of a type whose values scripts give: wider is compatible."""
    names = _names(old, new)
    if not same(old, new):
        if same(old.without_null, new.without_null) and old.takes_null != new.takes_null:
            yield breaking(f"{what} no longer takes null") if old.takes_null else compatible(f"{what} takes null now")
        elif within(old, new):
            yield compatible(f"{what} was widened {names}")
        elif within(new, old):
            # A string is always converted to a USVString, perhaps not to the same one.
            narrowed = may_break if _is_usv_string_of(old, new) else breaking
            yield narrowed(f"{what} was narrowed {names}")
        else:
            yield breaking(f"{what} changed {names}")
    else:
        yield from _conversion(old, new, what)


def taken(old: Typed, new: Typed, what: str) -> Iterator[Change]:
    """Changes of a type whose values scripts get: narrower is compatible."""
    names = _names(old, new)
    if is_promise(old) != is_promise(new):
        yield breaking(f"{what} {'became' if is_promise(new) else 'is no longer'} a promise")
    elif _is_undefined(old) and not _is_undefined(new):
        yield compatible(f"{what} is {type_text(new.type)} now, not undefined")
    elif same(old, new):
        return
    elif same(old.without_null, new.without_null) and old.takes_null != new.takes_null:
        yield breaking(f"{what} may now be null") if new.takes_null else compatible(f"{what} is never null now")
    elif within(new, old):
        yield compatible(f"{what} was narrowed {names}")
    elif within(old, new):
        yield breaking(f"{what} was widened {names}")
    else:
        yield breaking(f"{what} changed {names}")


def both_ways(old: Typed, new: Typed, what: str) -> Iterator[Change]:
    """Changes of a type whose values scripts give and get: the worse of the two counts."""
    given_changes, taken_changes = list(given(old, new, what)), list(taken(old, new, what))
    yield from max(given_changes, taken_changes, key=worst)


def _names(old: Typed, new: Typed) -> str:
    """Both types in words; what typedefs of the same name stand for, rather than the name."""
    before, after = type_text(old.type), type_text(new.type)
    if before == after:
        before, after = (type_text(typed.program.resolve(typed.type)) for typed in (old, new))
    return f"from {before} to {after}"


def _is_usv_string_of(old: Typed, new: Typed) -> bool:
    names = [typed.innermost.name if isinstance(typed.innermost, syntax.SimpleType) else "" for typed in (old, new)]
    return names == ["DOMString", "USVString"] and (new.takes_null or not old.takes_null)


def is_promise(typed: Typed) -> bool:
    inner = typed.innermost
    return isinstance(inner, syntax.GenericType) and inner.name == "Promise"


def _is_undefined(typed: Typed) -> bool:
    inner = typed.innermost
    return isinstance(inner, syntax.SimpleType) and inner.name == "undefined"


_CONVERSIONS = frozenset(("Clamp", "EnforceRange", "LegacyNullToEmptyString"))


def _conversion(old: Typed, new: Typed, what: str) -> Iterator[Change]:
    """Changes of the extended attributes that say how values are converted."""
    before, after = _conversions(old), _conversions(new)
    if "EnforceRange" in after - before:
        yield breaking(f"{what} throws for numbers out of range now, having become [EnforceRange]")
    else:
        yield from (may_break(f"{what} became [{name}]") for name in sorted(after - before))
    yield from (may_break(f"{what} is no longer [{name}]") for name in sorted(before - after))
    refused, refused_now = _characters(old), _characters(new)
    if refused_now not in ("", refused):
        yield may_break(f"{what} throws for strings with {refused_now} now")
    elif refused != refused_now:
        yield compatible(f"{what} takes strings with {refused} now")
    resizable, resizable_now = (typed.innermost.attribute("AllowResizable") is not None for typed in (old, new))
    if resizable != resizable_now:
        what += " takes" if resizable_now else " no longer takes"
        yield (compatible if resizable_now else breaking)(f"{what} buffers that can be resized")


def _characters(typed: Typed) -> str:
    """What [CString] has a string be without."""
    attribute = typed.innermost.attribute("CString")
    if attribute is None or attribute.values == ("utf16",):
        return ""
    return "characters above U+00FF" if attribute.values else "a NUL"


def _conversions(typed: Typed) -> frozenset[str]:
    resolved = typed.program.resolve(typed.type)
    inner = typed.innermost
    return frozenset(a.name for a in (*resolved.attributes, *inner.attributes)) & _CONVERSIONS


# ---------------------------------------------------------------------------
# Signatures


def signature(old: Signature, new: Signature) -> List[Change]:
    """The changes from one signature to another."""
    changes = [change for index in range(_most(old, new)) for change in _argument(old, new, index)]
    if old.result and new.result:
        relation = taken if old.by_scripts else given
        changes += relation(old.result, new.result, "result")
    return changes


def _most(old: Signature, new: Signature) -> int:
    return max(len(old.arguments), len(new.arguments))


def _argument(old: Signature, new: Signature, index: int) -> Iterator[Change]:
    what = f"argument {index + 1}"
    if index >= len(old.arguments):
        yield from _added(new, index, what)
    elif index >= len(new.arguments):
        argument = old.arguments[index]
        if not _is_variadic_before(new, index):
            yield breaking(f"{what} ({argument.name}) was removed")
    else:
        before, after = old.arguments[index], new.arguments[index]
        yield from _presence(before, after, what, old.by_scripts)
        relation = given if old.by_scripts else taken
        yield from relation(old.argument(index), new.argument(index), what)
        if old.by_scripts and _default(before) != _default(after) and before.optional and after.optional:
            yield may_break(f"{what} defaults to {_default(after)}, not {_default(before)}")


def _added(new: Signature, index: int, what: str) -> Iterator[Change]:
    argument = new.arguments[index]
    is_required = not argument.optional and not argument.variadic
    if is_required and new.by_scripts:
        yield breaking(f"{what} ({argument.name}) was added, and is required")
    elif new.by_scripts:
        yield compatible(f"{what} ({argument.name}) was added, and is optional")
    else:
        yield compatible(f"{what} ({argument.name}) was added")


def _is_variadic_before(signature: Signature, index: int) -> bool:
    return bool(signature.arguments) and signature.arguments[-1].variadic and index >= len(signature.arguments)


def _presence(before: syntax.Argument, after: syntax.Argument, what: str, by_scripts: bool) -> Iterator[Change]:
    """Changes between required, optional and variadic. Being given less is what breaks a callback."""
    was_required = not before.optional and not before.variadic
    is_required = not after.optional and not after.variadic
    loosened, tightened = (compatible, breaking) if by_scripts else (breaking, compatible)
    if before.variadic and not after.variadic:
        yield tightened(f"{what} is no longer variadic")
    elif after.variadic and not before.variadic:
        yield loosened(f"{what} became variadic")
    elif is_required and not was_required:
        yield tightened(f"{what} became required")
    elif was_required and not is_required:
        yield loosened(f"{what} became optional")


def _default(argument: syntax.Argument) -> str:
    return argument.default.span.text if argument.default else "undefined"
