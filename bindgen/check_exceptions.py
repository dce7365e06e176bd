"""Rules about interfaces that inherit from DOMException, which scripts make and know as they do the others."""

from __future__ import annotations

from typing import Optional, Sequence

import syntax
from context import Context
from program import Interface

_BASE = "DOMException"

# The standard's names table, without the one that is an interface of the standard's own.
_NAMES = frozenset(
    """
    AbortError ConstraintError DataCloneError DataError EncodingError HierarchyRequestError InUseAttributeError
    IndexSizeError InvalidAccessError InvalidCharacterError InvalidModificationError InvalidNodeTypeError
    InvalidStateError NamespaceError NetworkError NoModificationAllowedError NotAllowedError NotFoundError
    NotReadableError NotSupportedError OperationError OptOutError ReadOnlyError SecurityError SyntaxError TimeoutError
    TransactionInactiveError TypeMismatchError URLMismatchError UnknownError VersionError WrongDocumentError
    """.split()
)


def check_exceptions(context: Context) -> None:
    for interface in context.program.interfaces.values():
        if interface.parent and any(ancestor.name == _BASE for ancestor in interface.ancestors()):
            _check_name(context, interface)
            _check_constructors(context, interface)


def _check_name(context: Context, interface: Interface) -> None:
    if interface.name in _NAMES:
        message = f"'{interface.name}' is what a {_BASE} of that name is called already; choose another"
        context.sink.error("exception-name", message, interface.name_span)
    elif not interface.name.endswith("Error"):
        message = f"an interface that inherits from {_BASE} has a name that ends in Error: '{interface.name}Error'"
        context.sink.error("exception-name", message, interface.name_span)


def _check_constructors(context: Context, interface: Interface) -> None:
    constructors = [member for member in interface.members if isinstance(member, syntax.Constructor)]
    if not constructors:
        message = f"an interface that inherits from {_BASE} has a constructor; write {_WANTED}"
        context.sink.error("exception-constructor", message, interface.name_span)
    for constructor in constructors:
        if not _takes_message(context, constructor.arguments):
            message = f"the first argument is the message; write {_WANTED}, and other arguments after that"
            span = constructor.arguments[0].span if constructor.arguments else constructor.span
            context.sink.error("exception-constructor", message, span)


_WANTED = "'constructor(optional DOMString message = \"\")'"


def _takes_message(context: Context, arguments: Sequence[syntax.Argument]) -> bool:
    first: Optional[syntax.Argument] = next(iter(arguments), None)
    if first is None or first.name != "message" or first.default is None or first.default.value != "":
        return False
    type = context.program.resolve(first.type)
    return isinstance(type, syntax.SimpleType) and type.name == "DOMString"
