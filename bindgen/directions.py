"""Which way values travel: from scripts to the program, from the program to scripts, or both."""

from __future__ import annotations

from typing import Dict, Iterable, List, Optional, Set, Tuple

import program as linked
import syntax
from program import Program

IN = "in"
OUT = "out"
BOTH = "both"


def directions(*programs: Program) -> Dict[str, str]:
    """IN, OUT or BOTH for the name of each dictionary, enumeration and typedef that is used in one of the programs."""
    found: Dict[str, Set[str]] = {}
    for program in programs:
        for name, ways in _ways(program).items():
            found.setdefault(name, set()).update(ways)
    return {name: next(iter(ways)) if len(ways) == 1 else BOTH for name, ways in found.items()}


def _ways(program: Program) -> Dict[str, Set[str]]:
    found: Dict[str, Set[str]] = {}
    pending = list(_crossings(program))
    while pending:
        type, direction = pending.pop()
        for part in syntax.inclusive_parts(type):
            name = part.name if isinstance(part, syntax.IdentifierType) else ""
            types = _inside(program, name)
            if types is not None and direction not in found.setdefault(name, set()):
                found[name].add(direction)
                pending += [(inner, direction) for inner in types]
    return found


def _inside(program: Program, name: str) -> Optional[List[syntax.Type]]:
    """The types that a dictionary or a typedef is made of; None for what has no direction of its own."""
    if name in program.enums:
        return []
    if name in program.typedefs:
        return [program.typedefs[name].type]
    if name in program.dictionaries:
        dictionary = program.dictionaries[name]
        own = [member.type for member in dictionary.members]
        # The name of the parent is a type, too.
        parent = dictionary.declaration
        assert isinstance(parent, syntax.Dictionary)
        inherited = parent.inheritance
        return own + ([syntax.IdentifierType(inherited.span, (), inherited.name)] if inherited else [])
    return None


_Crossing = Tuple[syntax.Type, str]


def _crossings(program: Program) -> Iterable[_Crossing]:
    """Every type with which values go from scripts to the program or back."""
    for definition in program.definitions.values():
        if isinstance(definition, syntax.CallbackFunction):
            yield from _of_callback(definition)
        elif isinstance(definition, syntax.CallbackInterface):
            for member in definition.members:
                yield from _of_callback(member)
        elif isinstance(definition, (linked.Interface, linked.Namespace)):
            for member in definition.members:
                yield from _of_member(member)


def _of_callback(callback: syntax.Declaration) -> Iterable[_Crossing]:
    yield from ((argument.type, OUT) for argument in syntax.arguments_of(callback))
    yield from ((type, IN) for type in syntax.types_of(callback))


def _of_member(member: syntax.Member) -> Iterable[_Crossing]:
    yield from ((argument.type, IN) for argument in syntax.arguments_of(member))
    for type in syntax.types_of(member):
        yield type, OUT
        if isinstance(member, syntax.Attribute) and not member.readonly:
            yield type, IN
        elif isinstance(member, (syntax.Maplike, syntax.Setlike)):
            yield type, IN
