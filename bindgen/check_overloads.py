"""Rules about overloading, by the standard's effective overload sets."""

from __future__ import annotations

from collections import defaultdict
from typing import Iterable, NamedTuple, Optional, Sequence, Union

import syntax
from context import Context
from diagnostics import declared_here
from distinguish import category, distinguishable
from program import Program
from syntax import Argument, Type

Callable = Union[syntax.Operation, syntax.Constructor, syntax.ExtendedAttribute]

REQUIRED = "required"
OPTIONAL = "optional"
VARIADIC = "variadic"


class Overload(NamedTuple):
    """One way to call: an item of an effective overload set."""

    callable: Callable
    types: tuple[Type, ...]
    optionality: tuple[str, ...]


def overload_groups(members: Iterable[syntax.Member]) -> list[list[Callable]]:
    """The operations of each name and kind, regular or static, and the constructors, in order."""
    groups: dict[tuple[str, str], list[Callable]] = defaultdict(list)
    for member in members:
        if isinstance(member, syntax.Constructor):
            groups["", "constructor"].append(member)
        elif isinstance(member, syntax.Operation) and member.name:
            groups[member.name, "static" if member.static else ""].append(member)
    return list(groups.values())


def effective_overload_set(callables: Sequence[Callable], count: int = 0) -> list[Overload]:
    """The standard's "compute the effective overload set" for calls with `count` arguments."""
    most = max(count, *(len(callable.arguments) for callable in callables))
    found: list[Overload] = []
    for callable in callables:
        arguments = callable.arguments
        types = tuple(argument.type for argument in arguments)
        optionality = tuple(_optionality(argument) for argument in arguments)
        found.append(Overload(callable, types, optionality))
        if arguments and arguments[-1].variadic:
            for extra in range(1, most - len(arguments) + 1):
                more = types + types[-1:] * extra, optionality + (VARIADIC,) * extra
                found.append(Overload(callable, *more))
        for shorter in range(len(arguments) - 1, -1, -1):
            if optionality[shorter] == REQUIRED:
                break
            found.append(Overload(callable, types[:shorter], optionality[:shorter]))
    return found


def _optionality(argument: Argument) -> str:
    return VARIADIC if argument.variadic else OPTIONAL if argument.optional else REQUIRED


def distinguishing_index(program: Program, overloads: Sequence[Overload]) -> Optional[int]:
    """The standard's "distinguishing argument index" of overloads that take equally many arguments."""
    for index in range(len(overloads[0].types)):
        if all(
            distinguishable(program, one.types[index], other.types[index])
            for position, one in enumerate(overloads)
            for other in overloads[:position]
        ):
            return index
    return None


# ---------------------------------------------------------------------------
# The rules


def check_overloads(context: Context) -> None:
    program = context.program
    for interface in program.interfaces.values():
        _check_container(context, interface.members)
        factories = [a for a in interface.attributes if a.form == syntax.NAMED_ARGUMENT_LIST]
        for name in dict.fromkeys(factory.value for factory in factories):
            _check_group(context, [factory for factory in factories if factory.value == name])
    for namespace in program.namespaces.values():
        # The standard lets partial namespaces overload, too.
        _check_container(context, namespace.members, across=True)
    for mixin in program.mixins.values():
        if not any(mixin.name in interface.mixins for interface in program.interfaces.values()):
            _check_container(context, mixin.members)


def _check_container(context: Context, members: Iterable[syntax.Member], across: bool = False) -> None:
    for group in overload_groups(members):
        if len(group) > 1:
            if not across:
                _check_across(context, group)
            _check_promises(context, group)
            _check_attributes(context, group)
            _check_group(context, group)


def _check_across(context: Context, group: Sequence[Callable]) -> None:
    first = group[0]
    for callable in group[1:]:
        if not isinstance(callable, syntax.Operation) or not isinstance(first, syntax.Operation):
            return
        if context.program.declared_in[callable] is not context.program.declared_in[first]:
            message = f"'{callable.name}' is overloaded across definitions; overloads belong in one"
            span = callable.name_span
            context.sink.error("overload-across", message, span, declared_here(first.name_span))


# What all overloads of an operation have, or none. Scripts see one function.
_SHARED = ("Capability", "CrossOriginIsolated", "Exposed", "LegacyUnforgeable", "SecureContext")


def _check_attributes(context: Context, group: Sequence[Callable]) -> None:
    operations = [callable for callable in group if isinstance(callable, syntax.Operation)]
    if not any(operation.attributes for operation in operations):
        return
    for name in _SHARED:
        for operation in operations[1:]:
            one, other = operations[0].attribute(name), operation.attribute(name)
            if _said(one) != _said(other):
                message = f"either all overloads of '{operation.name}' have the same [{name}], or none has"
                span = other.span if other else operation.name_span
                context.sink.error("overload-attribute", message, span, declared_here(operations[0].span))
                break


def _said(attribute: Optional[syntax.ExtendedAttribute]) -> Optional[tuple[bool, frozenset[object]]]:
    """What an extended attribute says, whatever the order of its names."""
    return (attribute.form == syntax.WILDCARD, frozenset(attribute.values)) if attribute else None


def _check_promises(context: Context, group: Sequence[Callable]) -> None:
    operations = [callable for callable in group if isinstance(callable, syntax.Operation)]
    for operation in operations[1:]:
        if _gives_promise(context, operation) != _gives_promise(context, operations[0]):
            message = f"either all overloads of '{operation.name}' give a promise, or none"
            span = operation.type.span
            context.sink.error("overload-promise", message, span, declared_here(operations[0].type.span))


def _gives_promise(context: Context, operation: syntax.Operation) -> bool:
    type = context.program.resolve(operation.type)
    return isinstance(type, syntax.GenericType) and type.name == "Promise"


def _check_group(context: Context, group: Sequence[Callable]) -> None:
    if len(group) < 2:
        return
    by_count: dict[int, list[Overload]] = defaultdict(list)
    for overload in effective_overload_set(group):
        by_count[len(overload.types)].append(overload)
    for count, overloads in sorted(by_count.items()):
        if len(overloads) > 1 and not _check_count(context, overloads, count):
            return


def _check_count(context: Context, overloads: Sequence[Overload], count: int) -> bool:
    """Whether calls with so many arguments can be told apart; reports the first reason why not."""
    last = overloads[-1].callable
    index = distinguishing_index(context.program, overloads)
    if index is None:
        message = f"nothing tells this overload from another when called with {_arguments(count)}"
        other = _confused(context, overloads)
        context.sink.error("overload-distinguishable", message, last.span, declared_here(other.span))
        return False
    kinds = {_category(context, overload.types[index]) for overload in overloads}
    if {"bigint", "numeric"} <= kinds:
        message = f"argument {index + 1} is a bigint in one overload and a number in another"
        context.sink.error("overload-bigint", message, last.span)
        return False
    for overload in overloads[1:]:
        for position in range(index):
            if not _same_at(context, overloads[0], overload, position):
                message = f"argument {position + 1} must be the same in all overloads with {_arguments(count)}"
                span, first = overload.callable.span, overloads[0].callable.span
                context.sink.error("overload-before-index", message, span, declared_here(first))
                return False
    return True


def _arguments(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def _confused(context: Context, overloads: Sequence[Overload]) -> Callable:
    """The overload that the last one is mistaken for, or the first."""
    last = overloads[-1]
    for other in overloads[:-1]:
        if distinguishing_index(context.program, (other, last)) is None:
            return other.callable
    return overloads[0].callable


def _category(context: Context, type: Type) -> Optional[str]:
    return category(context.program, context.program.innermost(type))


def _same_at(context: Context, one: Overload, other: Overload, index: int) -> bool:
    same_type = context.same_type(one.types[index], other.types[index])
    return same_type and one.optionality[index] == other.optionality[index]
