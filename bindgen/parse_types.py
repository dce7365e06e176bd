"""Parses what every construct is made of: types, extended attributes, arguments and literal values."""

from __future__ import annotations

from typing import Callable, Optional, Union

import lexer
import syntax
from attributes import DESCRIPTORS, RESULT_ATTRIBUTES, TYPE_ATTRIBUTES
from cursor import Cursor, ParseError
from diagnostics import Sink
from source import Span
from syntax import ExtendedAttribute, Literal, Type

Attributes = tuple[ExtendedAttribute, ...]

ARGUMENT_NAME_KEYWORDS = frozenset(
    """attribute callback const constructor deleter dictionary enum getter includes inherit interface
    iterable maplike mixin namespace partial readonly required setlike setter static stringifier typedef unrestricted
    """.split()
)
_GENERIC = frozenset(("sequence", "async_sequence", "FrozenArray", "ObservableArray", "Promise"))
_PREFIXES = frozenset(("unsigned", "unrestricted", "long"))
TYPE_STARTS = syntax.SIMPLE_TYPES | _GENERIC | _PREFIXES | {"record", "(", lexer.IDENTIFIER}


# ---------------------------------------------------------------------------
# Types


def parse_type(c: Cursor, attributes: Attributes = (), what: str = "a type") -> Type:
    """A type, with `?` or without. The attributes are those that stood before it."""
    start = c.start
    type = _parse_bare_type(c, what)
    if c.take("?"):
        type = syntax.NullableType(c.since(start), (), type)
        if c.kind == "?":
            c.sink.error("nullable-inner", "the type is nullable already", c.here())
        while c.take("?"):
            pass
    return syntax.annotated(type, attributes) if attributes else type


def _parse_bare_type(c: Cursor, what: str) -> Type:
    kind, start = c.kind, c.start
    if kind == lexer.IDENTIFIER:
        name, span = c.identifier(what)
        return syntax.IdentifierType(span, (), name)
    composite = _COMPOSITE.get(kind)
    if composite is None:
        name = _parse_simple_name(c, what)
        return syntax.SimpleType(c.since(start), (), name)
    c.enter()
    type = composite(c)
    c.leave()
    return type


def _parse_simple_name(c: Cursor, what: str) -> str:
    if c.kind not in TYPE_STARTS:
        c.fail(f"expected {what}")
    name = c.next()
    if name not in _PREFIXES:
        return name
    if name == "unsigned":
        if c.kind not in ("short", "long"):
            c.fail("expected 'short' or 'long' after 'unsigned'")
        name += " " + c.next()
    elif name == "unrestricted":
        if c.kind not in ("float", "double"):
            c.fail("expected 'float' or 'double' after 'unrestricted'")
        name += " " + c.next()
    if name.endswith("long") and c.take("long"):
        name += " long"
    return name


def _parse_generic(c: Cursor) -> Type:
    start, name = c.start, c.next()
    c.expect("<", f"after '{name}'")
    element = parse_type(c) if name == "Promise" else parse_annotated_type(c)
    c.expect(">", f"after the type in {name}<...>")
    return syntax.GenericType(c.since(start), (), name, element)


def _parse_record(c: Cursor) -> Type:
    start = c.start
    c.next()
    c.expect("<", "after 'record'")
    key = parse_type(c)
    c.expect(",", "after the key type of a record")
    value = parse_annotated_type(c)
    c.expect(">", "after the value type of a record")
    return syntax.RecordType(c.since(start), (), key, value)


def _parse_union(c: Cursor) -> Type:
    start = c.start
    c.next()
    members = [_parse_union_member(c)]
    while c.take("or"):
        members.append(_parse_union_member(c))
    c.expect(")", "or 'or' after a member type of a union")
    if len(members) == 1:
        c.sink.error("union-one-member", "a union has at least two member types", c.since(start))
    return syntax.UnionType(c.since(start), (), tuple(members))


def _parse_union_member(c: Cursor) -> Type:
    attributes = parse_attributes(c)
    if attributes and c.kind == "(":
        message = "a union within a union has no extended attributes of its own; give them to its members"
        c.sink.error("syntax", message, attributes[0].span)
    return parse_type(c, attributes)


_COMPOSITE: dict[str, Callable[[Cursor], Type]] = {
    "(": _parse_union,
    "record": _parse_record,
    **dict.fromkeys(_GENERIC, _parse_generic),
}


def parse_annotated_type(c: Cursor) -> Type:
    """A type with its own list of extended attributes."""
    return parse_type(c, parse_attributes(c))


def split_attributes(
    attributes: Attributes, of_type: frozenset[str] = RESULT_ATTRIBUTES
) -> tuple[Attributes, Attributes]:
    """Those that belong to a declaration, and those that belong to its type, by their names.

    Before an argument or a member of a dictionary, TYPE_ATTRIBUTES are of the type: the standard's "extended attributes
    associated with". Before other declarations only Cleat's own are.
    """
    if not attributes:
        return (), ()
    return tuple(a for a in attributes if a.name not in of_type), tuple(a for a in attributes if a.name in of_type)


# ---------------------------------------------------------------------------
# Extended attributes


def parse_attributes(c: Cursor) -> Attributes:
    """A list in brackets, or nothing."""
    if c.kind != "[":
        return ()
    c.enter()
    c.next()
    attributes = [_parse_attribute(c)]
    while c.take(","):
        attributes.append(_parse_attribute(c))
    c.expect("]", "or ',' after an extended attribute")
    if c.kind == "[":
        c.fail("expected one list of extended attributes")
    c.leave()
    return tuple(attributes)


def _parse_attribute(c: Cursor) -> ExtendedAttribute:
    """One of the forms that the standard names, or else any tokens, which nobody makes anything of."""
    first = c.index
    attribute, trial = _try_form(c)
    fits = attribute is not None and c.kind in _AFTER_ATTRIBUTE and not trial.diagnostics
    if attribute and fits and not c.tokens.strays:
        return attribute
    reached = c.index
    c.move(first)
    end = c.end_of_part()
    # Brackets that nothing closes are not looked through: each of many would be to the end of the file.
    if c.kinds[end] in _AFTER_ATTRIBUTE:
        strays = [span for index in range(first, end + 1) for span in c.tokens.strays.get(index, ())]
        if strays or not fits and end > first:
            taken = _take_any_tokens(c, end, strays)
            _report_form(c, taken, trial, strays[:1] or [c.span_of(reached)])
            return taken
    c.move(reached)
    c.sink.diagnostics.extend(trial.diagnostics)
    if attribute is None:
        raise ParseError
    return attribute


_AFTER_ATTRIBUTE = (",", "]")


def _try_form(c: Cursor) -> tuple[Optional[ExtendedAttribute], Sink]:
    """What parses as one of the forms, and what is wrong with it."""
    sink, depth = c.sink, c.depth
    trial = c.sink = Sink()
    try:
        return _parse_form(c), trial
    except ParseError:
        c.depth = depth
        return None, trial
    finally:
        c.sink = sink


def _take_any_tokens(c: Cursor, end: int, strays: list[Span]) -> ExtendedAttribute:
    first, start = c.index, c.start
    is_named = c.kind == lexer.IDENTIFIER and first not in c.tokens.strays
    name = c.identifier("a name")[0] if is_named else ""
    for index in range(first, end + 1):
        c.tokens.strays.pop(index, None)
    c.move(end)
    span = c.since(min([start, *(stray.start for stray in strays)]))
    span = Span(c.file, span.start, max([span.end, *(stray.end for stray in strays)]))
    return ExtendedAttribute(span, name or span.text, syntax.ANY_TOKENS)


def _report_form(c: Cursor, attribute: ExtendedAttribute, trial: Sink, behind: list[Span]) -> None:
    """Says why the tokens of an attribute that is known are none of the forms: the trial's reason, or what is left over."""
    descriptor = DESCRIPTORS.get(attribute.name)
    if descriptor is None or not descriptor.forms:
        return
    if trial.diagnostics:
        problem = trial.diagnostics[0]
        c.sink.error("attribute-form", problem.message, problem.span)
    else:
        message = f"{ascii(behind[0].text[:20])} has no meaning in [{attribute.name}]"
        c.sink.error("attribute-form", message, behind[0])


def _parse_form(c: Cursor) -> ExtendedAttribute:
    start = c.start
    name, _ = c.identifier("the name of an extended attribute")
    if c.kind == "(":
        arguments = parse_arguments(c)
        return ExtendedAttribute(c.since(start), name, syntax.ARGUMENT_LIST, (), arguments)
    if not c.take("="):
        return ExtendedAttribute(c.since(start), name, syntax.NO_ARGS)
    if c.take("*"):
        return ExtendedAttribute(c.since(start), name, syntax.WILDCARD)
    if c.kind == "(":
        form, values = _parse_value_list(c)
        return ExtendedAttribute(c.since(start), name, form, values)
    form, value = _parse_value(c)
    if form == syntax.IDENTIFIER and c.kind == "(":
        arguments = parse_arguments(c)
        return ExtendedAttribute(c.since(start), name, syntax.NAMED_ARGUMENT_LIST, (value,), arguments)
    return ExtendedAttribute(c.since(start), name, form, (value,))


_LIST_FORMS = {
    syntax.IDENTIFIER: syntax.IDENTIFIER_LIST,
    syntax.STRING: syntax.STRING_LIST,
    syntax.INTEGER: syntax.INTEGER_LIST,
    syntax.DECIMAL: syntax.DECIMAL_LIST,
}
Value = Union[str, int, float]


def _parse_value_list(c: Cursor) -> tuple[str, tuple[Value, ...]]:
    c.next()
    form, value = _parse_value(c)
    values = [value]
    while c.take(","):
        next_form, value = _parse_value(c)
        if next_form != form:
            c.sink.error("syntax", f"this list started with {form} values", c.here())
        values.append(value)
    c.expect(")", "or ',' in the list of values of an extended attribute")
    return _LIST_FORMS[form], tuple(values)


def _parse_value(c: Cursor) -> tuple[str, Value]:
    if c.kind == lexer.IDENTIFIER:
        return syntax.IDENTIFIER, c.identifier("a value")[0]
    if c.kind in (lexer.STRING, lexer.INTEGER, lexer.DECIMAL):
        literal = parse_literal(c, "a value")
        assert isinstance(literal.value, (str, int, float))
        return literal.kind, literal.value
    c.fail("expected an identifier, a string or a number as the value of an extended attribute")


# ---------------------------------------------------------------------------
# Arguments


def parse_arguments(c: Cursor) -> tuple[syntax.Argument, ...]:
    """A list of arguments in parentheses."""
    c.expect("(", "before the arguments")
    if c.take(")"):
        return ()
    arguments = [_parse_argument(c)]
    while c.take(","):
        arguments.append(_parse_argument(c))
    c.expect(")", "or ',' after an argument")
    return tuple(arguments)


def _parse_argument(c: Cursor) -> syntax.Argument:
    start = c.start
    own, of_type = split_attributes(parse_attributes(c), TYPE_ATTRIBUTES)
    optional = c.take("optional")
    type = parse_type(c, of_type + (parse_attributes(c) if optional else ()), "the type of an argument")
    variadic = not optional and c.take("...")
    if optional and c.kind == "...":
        c.fail("expected no 'optional' before a variadic argument")
    name, name_span = c.identifier("the name of the argument", ARGUMENT_NAME_KEYWORDS)
    if variadic and c.kind == "=":
        c.fail("expected no default value after a variadic argument")
    default = _parse_default(c, optional)
    return syntax.Argument(c.since(start), own, name, name_span, type, optional, variadic, default)


def _parse_default(c: Cursor, optional: bool) -> Optional[Literal]:
    if c.kind != "=":
        return None
    if not optional:
        c.fail("expected 'optional' before the type of an argument with a default value")
    c.next()
    return parse_literal(c, "a default value")


# ---------------------------------------------------------------------------
# Literals

_WORDS: dict[str, tuple[str, Union[None, bool, float]]] = {
    "null": (syntax.NULL, None),
    "undefined": (syntax.UNDEFINED, None),
    "true": (syntax.BOOLEAN, True),
    "false": (syntax.BOOLEAN, False),
    "Infinity": (syntax.DECIMAL, float("inf")),
    "-Infinity": (syntax.DECIMAL, float("-inf")),
    "NaN": (syntax.DECIMAL, float("nan")),
}
_EMPTY = {"[": ("]", syntax.EMPTY_SEQUENCE), "{": ("}", syntax.EMPTY_DICTIONARY)}


def parse_literal(c: Cursor, what: str) -> Literal:
    """A value: number, string, true, false, null, undefined, [] or {}."""
    kind, span = c.kind, c.here()
    if kind in _EMPTY:
        return _parse_empty(c)
    if kind in _WORDS:
        c.next()
        return Literal(span, *_WORDS[kind])
    if kind == lexer.STRING:
        return Literal(span, syntax.STRING, c.next()[1:-1])
    if kind == lexer.DECIMAL:
        return Literal(span, syntax.DECIMAL, float(c.next()))
    if kind == lexer.INTEGER:
        return Literal(span, syntax.INTEGER, _integer(c))
    c.fail(f"expected {what}")


def _parse_empty(c: Cursor) -> Literal:
    start = c.start
    close, kind = _EMPTY[c.next()]
    c.expect(close, "right after its opening: only empty values can be written")
    return Literal(c.since(start), kind, None)


# No number of IDL is longer; Python refuses to convert far longer ones.
_MAX_DIGITS = 100


def _integer(c: Cursor) -> int:
    """The standard's rules: 0x is hexadecimal, a leading 0 octal."""
    text = c.text
    if len(text) > _MAX_DIGITS:
        c.sink.error("syntax", f"a number of more than {_MAX_DIGITS} digits", c.here())
        text = "0"
    c.next()
    negative = text[0] == "-"
    digits = text[1:] if negative else text
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
    value = int(digits, base) if base != 8 else int("0" + digits, 8)
    return -value if negative else value
