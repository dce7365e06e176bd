"""Rules about [Exposed] and its conditions: parts cannot be exposed where the whole is not."""

from __future__ import annotations

from collections import defaultdict
from typing import FrozenSet, Mapping, Optional, Sequence, Set, Union

import syntax
from context import Context
from diagnostics import declared_here
from program import GLOBAL_SCOPE, Interface, Linked

# Where something is exposed: the names of global interfaces, or None for everywhere.
_Exposure = Optional[FrozenSet[str]]
_Globals = Mapping[str, Set[str]]


def check_exposure(context: Context) -> None:
    globals = _globals(context)
    for interface in context.program.interfaces.values():
        if interface.parent:
            _check_parent(context, interface, interface.parent, globals)
            _check_conditions_of_parent(context, interface, interface.parent)
    for module in context.program.modules:
        for definition in module.definitions:
            if isinstance(definition, syntax.Includes):
                continue
            _check_names(context, definition, globals)
            whole = context.program.definitions.get(definition.name)
            if isinstance(whole, Linked) and whole.declaration is not definition:
                _check_part(context, definition, whole, globals)
                _check_redundant(context, definition, (whole,))
            for member in syntax.members_of(definition):
                if member.attributes:
                    _check_names(context, member, globals)
                    _check_member(context, member, definition, globals)
                    _check_conditions(context, member, definition)


def _globals(context: Context) -> _Globals:
    """The global interfaces that each global name stands for."""
    globals: dict[str, Set[str]] = defaultdict(set)
    for own in (GLOBAL_SCOPE, *context.options.exposed_names):
        globals[own].add(GLOBAL_SCOPE)
    for interface in context.program.interfaces.values():
        attribute = interface.attribute("Global")
        for name in attribute.values if attribute else ():
            globals[str(name)].add(interface.name)
    return globals


def _exposure(attribute: Optional[syntax.ExtendedAttribute], globals: _Globals) -> _Exposure:
    """The standard's "own exposure set". What does not say is for Cleat's global object."""
    if attribute is None:
        return frozenset((GLOBAL_SCOPE,))
    if attribute.form == syntax.WILDCARD:
        return None
    names = (str(value) for value in attribute.values)
    return frozenset(interface for name in names for interface in globals.get(name, {name}))


def _is_within(inner: _Exposure, outer: _Exposure) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _check_names(context: Context, declaration: syntax.Declaration, globals: _Globals) -> None:
    attribute = declaration.attribute("Exposed")
    if attribute is None:
        return
    known = context.options.global_names
    for index, name in enumerate(attribute.values):
        if name in attribute.values[:index]:
            context.sink.error("exposed-name", f"'{name}' is named twice", attribute.span)
        elif known and name not in known and name not in globals:
            context.sink.error("exposed-name", f"'{name}' is not the name of a global object", attribute.span)


def _check_parent(context: Context, interface: Interface, parent: Interface, globals: _Globals) -> None:
    own, inherited = interface.attribute("Exposed"), parent.attribute("Exposed")
    if not _is_within(_exposure(own, globals), _exposure(inherited, globals)):
        message = f"'{interface.name}' is exposed where '{parent.name}', which it inherits from, is not"
        span = own.span if own else interface.name_span
        context.sink.error("exposed-subset", message, span, declared_here(parent.name_span))


def _check_part(context: Context, part: syntax.Definition, whole: Linked, globals: _Globals) -> None:
    own = part.attribute("Exposed")
    if own:
        _check_within(context, own, whole, globals)


def _check_member(
    context: Context, member: syntax.Declaration, container: syntax.Definition, globals: _Globals
) -> None:
    own, around = member.attribute("Exposed"), container.attribute("Exposed")
    if own is None:
        return
    if around and getattr(container, "partial", False):
        message = "[Exposed] stands on the partial definition already, for all its members"
        context.sink.error("exposed-twice", message, own.span, declared_here(around.span))
    whole = context.program.definitions.get(container.name)
    if isinstance(whole, (Linked, syntax.CallbackInterface)):
        _check_within(context, own, whole, globals)


def _check_within(
    context: Context,
    own: syntax.ExtendedAttribute,
    whole: Union[Linked, syntax.CallbackInterface],
    globals: _Globals,
) -> None:
    around = whole.attribute("Exposed")
    is_mixin = isinstance(whole, Linked) and isinstance(whole.declaration, syntax.Mixin)
    if is_mixin and around is None:
        return
    if not _is_within(_exposure(own, globals), _exposure(around, globals)):
        message = f"this is exposed where '{whole.name}' is not"
        context.sink.error("exposed-subset", message, own.span, declared_here(whole.name_span))


# ---------------------------------------------------------------------------
# [SecureContext] and [CrossOriginIsolated]

_CONDITIONS = ("SecureContext", "CrossOriginIsolated")
_Whole = Union[Linked, syntax.Definition]


def _check_conditions_of_parent(context: Context, interface: Interface, parent: Interface) -> None:
    for name in _CONDITIONS:
        condition = parent.attribute(name)
        if condition and not interface.attribute(name):
            message = f"'{parent.name}' has [{name}], so '{interface.name}', which inherits from it, must have it"
            context.sink.warning("exposed-condition", message, interface.name_span, declared_here(condition.span))


def _check_conditions(context: Context, member: syntax.Declaration, container: syntax.Definition) -> None:
    whole = context.program.definitions.get(container.name)
    around: Sequence[_Whole] = (container, whole) if isinstance(whole, Linked) else (container,)
    for name in _CONDITIONS:
        own = member.attribute(name)
        outer = next((found for found in (one.attribute(name) for one in around) if found), None)
        if own and outer:
            message = f"the whole definition has [{name}] already; leave it out here"
            context.sink.warning("exposed-condition", message, own.span, declared_here(outer.span))
    _check_redundant(context, member, around)


def _check_redundant(context: Context, part: syntax.Declaration, around: Sequence[_Whole]) -> None:
    """What is isolated is secure."""
    secure = part.attribute("SecureContext")
    isolated = next((found for found in (one.attribute("CrossOriginIsolated") for one in around) if found), None)
    if secure and isolated:
        message = "[CrossOriginIsolated] says as much already, and more; leave [SecureContext] out"
        context.sink.warning("exposed-condition", message, secure.span, declared_here(isolated.span))
