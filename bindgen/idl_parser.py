"""Parses a file: definitions, and the recovery that lets one run report every error in it."""

from __future__ import annotations

from typing import Callable, Optional, TypeVar, Union

import lexer
import syntax
from cursor import Cursor, ParseError
from diagnostics import Sink
from parse_members import Head, parse_dictionary_member, parse_member
from parse_types import parse_annotated_type, parse_arguments, parse_type, split_attributes
from source import SourceFile, load

Parsed = TypeVar("Parsed", bound=syntax.Node)

_DEFINITION_STARTS = frozenset(("callback", "dictionary", "enum", "interface", "namespace", "partial", "typedef"))


def read(source: Union[str, SourceFile], sink: Sink) -> syntax.Module:
    """Parses a file, or the file at a path. Definitions and members with errors in them are left out."""
    file = load(source) if isinstance(source, str) else source
    c = Cursor(lexer.tokenize(file, sink), sink)
    parsed = []
    while c.kind != lexer.END:
        parsed.append(_parse_definition(c))
    lexer.report_strays(c.tokens, sink)
    definitions = tuple(definition for definition in parsed if definition)
    return syntax.Module(file, definitions, complete=len(definitions) == len(parsed))


def _parse_definition(c: Cursor) -> Optional[syntax.Definition]:
    """The definition at hand, or None after reporting why not and skipping it."""
    first = c.index
    try:
        head = Head(c)
        parse = _DEFINITIONS.get(c.kind, _parse_other)
        definition = parse(c, head)
        c.expect(";", f"after the definition of '{definition.name}'")
        return definition
    except ParseError:
        _skip_definition(c, first)
        return None


# ---------------------------------------------------------------------------
# Recovery


def _skip_definition(c: Cursor, first: int) -> None:
    """Goes on after the next `;` outside of braces, or before the next line that starts a definition."""
    c.depth = 0
    depth = 0
    while c.kind != lexer.END:
        if depth == 0 and c.index > first and _starts_definition(c):
            return
        depth += (c.kind == "{") - (c.kind == "}" and depth > 0)
        if c.next() == ";" and depth == 0:
            return


def _skip_member(c: Cursor) -> None:
    """Goes on after the next `;`, or before the `}` that ends the members."""
    c.depth = 0
    depth = 0
    while c.kind != lexer.END:
        if depth == 0 and (c.kind == "}" or _starts_definition(c)):
            return
        depth += (c.kind == "{") - (c.kind == "}")
        if c.next() == ";" and depth <= 0:
            return


def _starts_definition(c: Cursor) -> bool:
    """Whether the token at hand starts a definition at the very start of a line, as only definitions do."""
    if c.kind not in _DEFINITION_STARTS or c.peek() not in _AFTER_START:
        return False
    return c.start == 0 or c.file.text[c.start - 1] == "\n"


_AFTER_START = frozenset((lexer.IDENTIFIER, "interface", "mixin", "namespace", "dictionary", *syntax.SIMPLE_TYPES))


def _parse_block(c: Cursor, what: str, parse: Callable[[Cursor], Parsed]) -> tuple[Parsed, ...]:
    """The members between braces; those with errors are reported and left out."""
    c.expect("{", f"and the members of the {what}")
    members = []
    while c.kind not in ("}", lexer.END):
        if _starts_definition(c):
            c.fail(f"expected '}}' at the end of the {what}")
        try:
            members.append(parse(c))
        except ParseError:
            _skip_member(c)
    c.expect("}", f"at the end of the {what}")
    return tuple(members)


# ---------------------------------------------------------------------------
# Definitions


def _parse_interface(c: Cursor, head: Head, partial: bool = False) -> syntax.Definition:
    """interface or interface mixin, partial or not."""
    c.next()
    if c.take("mixin"):
        name, span = c.identifier("the name of the mixin")
        mixin_members = _parse_block(c, "mixin", parse_member)
        return syntax.Mixin(c.since(head.start), head.attributes, head.doc, name, span, mixin_members, partial)
    name, span = c.identifier("the name of the interface")
    inheritance = _parse_inheritance(c, partial)
    members = _parse_block(c, "interface", parse_member)
    return syntax.Interface(
        c.since(head.start), head.attributes, head.doc, name, span, members, inheritance, partial
    )


def _parse_inheritance(c: Cursor, partial: bool) -> Optional[syntax.Inheritance]:
    if c.kind != ":":
        return None
    colon = c.here()
    c.next()
    name, span = c.identifier("the name of what is inherited from")
    if partial:
        c.sink.error("partial-inheritance", "a partial definition cannot inherit", colon)
        return None
    return syntax.Inheritance(span, name)


def _parse_namespace(c: Cursor, head: Head, partial: bool = False) -> syntax.Namespace:
    c.next()
    name, span = c.identifier("the name of the namespace")
    members = _parse_block(c, "namespace", parse_member)
    return syntax.Namespace(c.since(head.start), head.attributes, head.doc, name, span, members, partial)


def _parse_dictionary(c: Cursor, head: Head, partial: bool = False) -> syntax.Dictionary:
    c.next()
    name, span = c.identifier("the name of the dictionary")
    inheritance = _parse_inheritance(c, partial)
    members = _parse_block(c, "dictionary", parse_dictionary_member)
    return syntax.Dictionary(
        c.since(head.start), head.attributes, head.doc, name, span, members, inheritance, partial
    )


def _parse_partial(c: Cursor, head: Head) -> syntax.Definition:
    c.next()
    if c.kind == "interface":
        return _parse_interface(c, head, partial=True)
    if c.kind == "namespace":
        return _parse_namespace(c, head, partial=True)
    if c.kind == "dictionary":
        return _parse_dictionary(c, head, partial=True)
    c.fail("expected 'interface', 'namespace' or 'dictionary' after 'partial'")


def _parse_enum(c: Cursor, head: Head) -> syntax.Enum:
    c.next()
    name, span = c.identifier("the name of the enumeration")
    c.expect("{", "and the values of the enumeration")
    values = [_parse_enum_value(c)]
    while c.take(",") and c.kind != "}":
        values.append(_parse_enum_value(c))
    c.expect("}", "or ',' after a value of the enumeration")
    return syntax.Enum(c.since(head.start), head.attributes, head.doc, name, span, tuple(values))


def _parse_enum_value(c: Cursor) -> syntax.EnumValue:
    if c.kind != lexer.STRING:
        c.fail("expected a string, a value of the enumeration")
    doc, span = c.doc(c.index), c.here()
    return syntax.EnumValue(span, (), doc, c.next()[1:-1], span)


def _parse_typedef(c: Cursor, head: Head) -> syntax.Typedef:
    c.next()
    type = parse_annotated_type(c)
    name, span = c.identifier("the name of the typedef")
    return syntax.Typedef(c.since(head.start), head.attributes, head.doc, name, span, type)


def _parse_callback(c: Cursor, head: Head) -> syntax.Definition:
    c.next()
    if c.take("interface"):
        name, span = c.identifier("the name of the callback interface")
        members = _parse_block(c, "callback interface", parse_member)
        return syntax.CallbackInterface(c.since(head.start), head.attributes, head.doc, name, span, members)
    name, span = c.identifier("the name of the callback function")
    c.expect("=", "after the name of the callback function")
    own, of_type = split_attributes(head.attributes)
    type = parse_type(c, of_type, "the return type of the callback function")
    arguments = parse_arguments(c)
    return syntax.CallbackFunction(c.since(head.start), own, head.doc, name, span, type, arguments)


def _parse_other(c: Cursor, head: Head) -> syntax.Includes:
    """`name includes mixin`, or no definition at all."""
    if c.kind != lexer.IDENTIFIER or c.peek() != "includes":
        c.fail("expected a definition (interface, dictionary, enum, callback, typedef, namespace ...)")
    name, name_span = c.identifier("the name of an interface")
    c.next()
    mixin, mixin_span = c.identifier("the name of a mixin")
    return syntax.Includes(
        c.since(head.start), head.attributes, head.doc, name, name_span, mixin, mixin_span
    )


_DEFINITIONS: dict[str, Callable[[Cursor, Head], syntax.Definition]] = {
    "callback": _parse_callback,
    "dictionary": _parse_dictionary,
    "enum": _parse_enum,
    "interface": _parse_interface,
    "namespace": _parse_namespace,
    "partial": _parse_partial,
    "typedef": _parse_typedef,
}
