"""Rules about values: constants, defaults, and which arguments must have one."""

from __future__ import annotations

from typing import Iterator, Optional

import program as linked
import syntax
from context import Context, written
from diagnostics import declared_here
from syntax import Literal, Type

_BITS = {
    "byte": 8, "octet": 8, "short": 16, "unsigned short": 16,
    "long": 32, "unsigned long": 32, "long long": 64, "unsigned long long": 64,
}  # fmt: skip
# What numbers of the restricted types must stay below after rounding: half a step beyond the largest one.
_LIMITS = {"float": float.fromhex("0x1.ffffffp+127"), "double": float("inf")}


def check_values(context: Context) -> None:
    for module in context.program.modules:
        for declaration in module.declarations:
            if isinstance(declaration, syntax.Constant):
                _check_constant(context, declaration)
            elif isinstance(declaration, syntax.DictionaryMember) and declaration.default:
                _check_default(context, declaration.type, declaration.default)
            _check_arguments(context, syntax.arguments_of(declaration))
            if not isinstance(declaration, syntax.CallbackFunction):
                _check_dictionary_arguments(context, syntax.arguments_of(declaration))
            for attribute in declaration.attributes:
                _check_arguments(context, attribute.arguments)
                _check_dictionary_arguments(context, attribute.arguments)


def integer_range(name: str) -> tuple[int, int]:
    """The least and the greatest value of an integer type."""
    bits = _BITS[name]
    if name in syntax.SIGNED_INTEGER_TYPES:
        return -(1 << bits - 1), (1 << bits - 1) - 1
    return 0, (1 << bits) - 1


# ---------------------------------------------------------------------------
# Whether a literal is a value of a type


def _check_constant(context: Context, constant: syntax.Constant) -> None:
    kinds = (syntax.BOOLEAN, syntax.INTEGER, syntax.DECIMAL)
    if constant.value.kind not in kinds:
        message = "the value of a constant is a number, true or false"
        context.sink.error("constant-value", message, constant.value.span)
        return
    type = context.program.resolve(constant.type)
    if isinstance(type, syntax.SimpleType) and type.name in syntax.PRIMITIVE_TYPES:
        problem = _simple_problem(type.name, constant.value)
        if problem:
            context.sink.error("constant-value", problem, constant.value.span)


def _check_default(context: Context, type: Type, default: Literal) -> None:
    candidates = list(_candidates(context, type, default))
    problems = [_problem(context, candidate, default) for candidate in candidates]
    if default.kind == syntax.EMPTY_SEQUENCE and any(getattr(t, "name", "") == "any" for t in candidates):
        message = "the standard has [] for sequences only; here it is taken for an empty array"
        context.sink.warning("any-default", message, default.span)
    if not problems or not all(problems):
        return
    if default.kind == syntax.EMPTY_DICTIONARY and any(isinstance(t, syntax.RecordType) for t in candidates):
        message = "the standard has {} for dictionaries only; here it is taken for an empty record"
        context.sink.warning("record-default", message, default.span)
    else:
        problem = problems[0] if len(problems) == 1 else None
        if default.kind == syntax.NULL:
            problem = f"null needs a nullable type; write '{written(type)}?'"
        message = problem or f"this is no value of '{written(type)}'"
        context.sink.error("default-value", message, default.span)


def _candidates(context: Context, type: Type, default: Literal) -> Iterator[Type]:
    """The types that a default value may be of; none if null is all it needs to be, and may be."""
    if default.kind == syntax.NULL and context.program.includes_nullable(type):
        return
    yield from context.program.leaves(type)


def _problem(context: Context, type: Type, literal: Literal) -> Optional[str]:
    """What is wrong with the literal as a value of a resolved type that is no union, or None."""
    if isinstance(type, syntax.SimpleType):
        return _simple_problem(type.name, literal)
    definition = context.program.denotes(type)
    if isinstance(definition, syntax.Enum):
        return _enum_problem(definition, literal)
    if isinstance(definition, linked.Dictionary):
        return None if literal.kind == syntax.EMPTY_DICTIONARY else "the default of a dictionary is {}"
    if isinstance(type, syntax.GenericType) and type.name == "sequence":
        return None if literal.kind == syntax.EMPTY_SEQUENCE else "the default of a sequence is []"
    if isinstance(type, syntax.IdentifierType) and definition is None:
        return None
    return f"'{written(type)}' has no values that can be written as a default"


def _enum_problem(enum: syntax.Enum, literal: Literal) -> Optional[str]:
    if literal.kind == syntax.STRING and any(value.name == literal.value for value in enum.values):
        return None
    return f"{literal.span.text} is not a value of the enumeration '{enum.name}'"


def _simple_problem(name: str, literal: Literal) -> Optional[str]:
    kind, value = literal.kind, literal.value
    if name == "any":
        return None if kind != syntax.EMPTY_DICTIONARY else "{} is for dictionaries"
    if name in syntax.INTEGER_TYPES:
        return _integer_problem(name, literal)
    if name in syntax.FLOAT_TYPES:
        return _float_problem(name, literal)
    if name in syntax.STRING_TYPES:
        if kind != syntax.STRING:
            return f"a value of {name} is a string"
        beyond = name == "ByteString" and any(ord(c) > 0xFF for c in str(value))
        return "a ByteString has no characters above U+00FF" if beyond else None
    expected = {"boolean": syntax.BOOLEAN, "bigint": syntax.INTEGER, "undefined": syntax.UNDEFINED}.get(name)
    if kind == expected:
        return None
    return f"{literal.span.text} is no value of '{name}'" if expected else f"'{name}' has no values to write here"


def _integer_problem(name: str, literal: Literal) -> Optional[str]:
    if not isinstance(literal.value, int) or literal.kind != syntax.INTEGER:
        return f"a value of {name} is an integer"
    least, greatest = integer_range(name)
    if least <= literal.value <= greatest:
        return None
    return f"{literal.span.text} is outside the range of {name}, {least} to {greatest}"


def _float_problem(name: str, literal: Literal) -> Optional[str]:
    if literal.kind not in (syntax.INTEGER, syntax.DECIMAL) or not isinstance(literal.value, (int, float)):
        return f"a value of {name} is a number"
    if name.startswith("unrestricted"):
        return None
    if -_LIMITS[name] < literal.value < _LIMITS[name]:
        return None
    return f"{literal.span.text} is outside the range of {name}"


# ---------------------------------------------------------------------------
# Arguments


def _check_arguments(context: Context, arguments: tuple[syntax.Argument, ...]) -> None:
    names: dict[str, syntax.Argument] = {}
    for index, argument in enumerate(arguments):
        earlier = names.setdefault(argument.name, argument)
        if earlier is not argument:
            message = f"another argument is named '{argument.name}'"
            context.sink.error("duplicate-argument", message, argument.name_span, declared_here(earlier.name_span))
        if argument.default:
            _check_default(context, argument.type, argument.default)
        if argument.variadic and index + 1 < len(arguments):
            context.sink.error("variadic-last", "only the last argument can be variadic", argument.span)
        _check_order(context, arguments, index)


def _check_order(context: Context, arguments: tuple[syntax.Argument, ...], index: int) -> None:
    argument = arguments[index]
    if index and arguments[index - 1].optional and not (argument.optional or argument.variadic):
        message = f"'{argument.name}' is required, but an argument before it is optional"
        context.sink.warning("optional-order", message, argument.span, declared_here(arguments[index - 1].span))


def _check_dictionary_arguments(context: Context, arguments: tuple[syntax.Argument, ...]) -> None:
    """Scripts need not give empty dictionaries: the standard has this of operations, and not of what callbacks are given."""
    for index in range(len(arguments)):
        _check_dictionary_argument(context, arguments, index)


def _check_dictionary_argument(context: Context, arguments: tuple[syntax.Argument, ...], index: int) -> None:
    """A dictionary without required members must be optional and have a default where it comes last."""
    argument = arguments[index]
    if argument.default or argument.variadic or isinstance(argument.type, syntax.SimpleType):
        return
    if not _may_be_left_out(context, argument.type):
        return
    if not all(later.optional or later.variadic for later in arguments[index + 1 :]):
        return
    if argument.optional:
        message = "an optional argument of a dictionary type needs a default value; write '= {}'"
        context.sink.error("dictionary-default", message, argument.span)
    else:
        message = "a dictionary argument without required members must be optional, with the default '= {}'"
        context.sink.error("dictionary-optional", message, argument.span)


def _may_be_left_out(context: Context, type: Type) -> bool:
    leaves = map(context.program.denotes, context.program.leaves(type))
    dictionaries = [leaf for leaf in leaves if isinstance(leaf, linked.Dictionary)]
    return any(not _has_required(dictionary) for dictionary in dictionaries)


def _has_required(dictionary: linked.Dictionary) -> bool:
    return any(member.required for level in dictionary.levels() for member in level.members)
