"""Parses the members of interfaces, mixins, callback interfaces, namespaces and dictionaries.

Every kind of member is accepted in every kind of container; which may stand where is a rule, not a shape, and is
checked after linking, so that the message can say what is wrong.
"""

from __future__ import annotations

from typing import Callable, Optional

import syntax
from attributes import TYPE_ATTRIBUTES
from cursor import Cursor
from parse_types import (
    Attributes,
    parse_annotated_type,
    parse_arguments,
    parse_attributes,
    parse_literal,
    parse_type,
    split_attributes,
)
from source import Span

_ATTRIBUTE_NAME_KEYWORDS = frozenset(("required",))
_OPERATION_NAME_KEYWORDS = frozenset(("includes",))
_SPECIAL_OPERATIONS = frozenset(("getter", "setter", "deleter"))


class Head:
    """What stands before a member or a definition: where it starts, its extended attributes, its documentation."""

    def __init__(self, c: Cursor) -> None:
        self.start = c.start
        self.doc = c.doc(c.index)
        self.attributes: Attributes = ()
        if c.kind == "[":
            self.attributes = parse_attributes(c)
            self.doc = self.doc or c.doc(c.index)


def parse_member(c: Cursor) -> syntax.Member:
    """One member with its semicolon."""
    head = Head(c)
    member = _MEMBERS.get(c.kind, _parse_regular_operation)(c, head)
    c.expect(";", _end_of(member))
    return member


def _end_of(member: syntax.Member) -> str:
    return f"after '{member.name}'" if member.name else "at the end of the member"


def _parse_constant(c: Cursor, head: Head) -> syntax.Constant:
    c.next()
    own, of_type = split_attributes(head.attributes)
    type = parse_type(c, of_type, "the type of the constant")
    name, name_span = c.identifier("the name of the constant")
    c.expect("=", "and the value of the constant")
    value = parse_literal(c, "the value of the constant")
    return syntax.Constant(c.since(head.start), own, head.doc, name, name_span, type, value)


def _parse_constructor(c: Cursor, head: Head) -> syntax.Constructor:
    keyword = c.here()
    c.next()
    arguments = parse_arguments(c)
    return syntax.Constructor(c.since(head.start), head.attributes, head.doc, "", keyword, arguments)


# ---------------------------------------------------------------------------
# Attributes


def _parse_attribute(c: Cursor, head: Head, special: str = "") -> syntax.Attribute:
    readonly = special != "inherit" and c.take("readonly")
    c.expect("attribute", f"after '{'readonly' if readonly else special}'")
    own, of_type = split_attributes(head.attributes)
    type = parse_type(c, of_type + parse_attributes(c), "the type of the attribute")
    name, name_span = c.identifier("the name of the attribute", _ATTRIBUTE_NAME_KEYWORDS)
    return syntax.Attribute(c.since(head.start), own, head.doc, name, name_span, type, readonly, special)


def _parse_readonly(c: Cursor, head: Head) -> syntax.Member:
    """readonly attribute, readonly maplike or readonly setlike."""
    if c.peek() not in ("maplike", "setlike"):
        return _parse_attribute(c, head)
    c.next()
    return _parse_collection(c, head, readonly=True)


def _parse_inherit(c: Cursor, head: Head) -> syntax.Attribute:
    c.next()
    return _parse_attribute(c, head, "inherit")


# ---------------------------------------------------------------------------
# Operations


def _parse_regular_operation(c: Cursor, head: Head, special: str = "") -> syntax.Member:
    own, of_type = split_attributes(head.attributes)
    if c.text == "async" and c.peek() == "iterable":
        return _parse_obsolete_async_iterable(c, head)
    type = parse_type(c, of_type, "a member" if not special else "the return type of the operation")
    name, name_span = "", c.here()
    if c.kind != "(":
        name, name_span = c.identifier("the name of the operation", _OPERATION_NAME_KEYWORDS)
    arguments = parse_arguments(c)
    return syntax.Operation(c.since(head.start), own, head.doc, name, name_span, type, arguments, special)


def _parse_special_operation(c: Cursor, head: Head) -> syntax.Member:
    special = c.next()
    return _parse_regular_operation(c, head, special)


def _parse_static(c: Cursor, head: Head) -> syntax.Member:
    special = c.next()
    if c.kind in ("readonly", "attribute"):
        return _parse_attribute(c, head, special)
    return _parse_regular_operation(c, head, special)


def _parse_stringifier(c: Cursor, head: Head) -> syntax.Member:
    keyword = c.here()
    special = c.next()
    if c.kind in ("readonly", "attribute"):
        return _parse_attribute(c, head, special)
    if c.kind != ";":
        c.fail("expected 'attribute' or ';' after 'stringifier'")
    own, of_type = split_attributes(head.attributes)
    type = syntax.SimpleType(keyword, of_type, "DOMString")
    return syntax.Operation(c.since(head.start), own, head.doc, "", keyword, type, (), special)


# ---------------------------------------------------------------------------
# Iterables and collections


def _parse_iterable(c: Cursor, head: Head) -> syntax.Iterable:
    keyword = c.here()
    key, value = _parse_type_pair(c)
    return syntax.Iterable(c.since(head.start), head.attributes, head.doc, "", keyword, key, value)


def _parse_async_iterable(c: Cursor, head: Head) -> syntax.AsyncIterable:
    keyword = c.here()
    key, value = _parse_type_pair(c)
    arguments = parse_arguments(c) if c.kind == "(" else ()
    return syntax.AsyncIterable(c.since(head.start), head.attributes, head.doc, "", keyword, key, value, arguments)


def _parse_obsolete_async_iterable(c: Cursor, head: Head) -> syntax.AsyncIterable:
    start = c.start
    c.next()
    member = _parse_async_iterable(c, head)
    span = Span(c.file, start, member.name_span.end)
    c.sink.error("obsolete-async-iterable", "'async iterable' is obsolete; write 'async_iterable'", span)
    return member


def _parse_collection(c: Cursor, head: Head, readonly: bool = False) -> syntax.Member:
    """maplike<K, V> or setlike<V>."""
    keyword, is_map = c.here(), c.kind == "maplike"
    key, value = _parse_type_pair(c)
    span = c.since(head.start)
    if not is_map:
        if key:
            c.sink.error("syntax", "setlike has one type", key.span)
        return syntax.Setlike(span, head.attributes, head.doc, "", keyword, value, readonly)
    if key is None:
        c.sink.error("syntax", "maplike has two types: maplike<key, value>", keyword)
    return syntax.Maplike(span, head.attributes, head.doc, "", keyword, key or value, value, readonly)


def _parse_type_pair(c: Cursor) -> tuple[Optional[syntax.Type], syntax.Type]:
    """keyword<value> or keyword<key, value>."""
    keyword = c.next()
    c.expect("<", f"after '{keyword}'")
    first = parse_annotated_type(c)
    second = parse_annotated_type(c) if c.take(",") else None
    c.expect(">", f"after the types of '{keyword}'")
    return (first, second) if second else (None, first)


_MEMBERS: dict[str, Callable[[Cursor, Head], syntax.Member]] = {
    "const": _parse_constant,
    "constructor": _parse_constructor,
    "attribute": _parse_attribute,
    "readonly": _parse_readonly,
    "inherit": _parse_inherit,
    "static": _parse_static,
    "stringifier": _parse_stringifier,
    "iterable": _parse_iterable,
    "async_iterable": _parse_async_iterable,
    "maplike": _parse_collection,
    "setlike": _parse_collection,
    **dict.fromkeys(_SPECIAL_OPERATIONS, _parse_special_operation),
}


# ---------------------------------------------------------------------------
# Members of dictionaries


def parse_dictionary_member(c: Cursor) -> syntax.DictionaryMember:
    """One member with its semicolon."""
    head = Head(c)
    own, of_type = split_attributes(head.attributes, TYPE_ATTRIBUTES)
    required = c.take("required")
    type = parse_type(c, of_type + (parse_attributes(c) if required else ()), "a dictionary member")
    name, name_span = c.identifier("the name of the member")
    default = None
    if c.kind == "=":
        if required:
            c.sink.error("required-default", "a required member cannot have a default value", name_span)
        c.next()
        default = parse_literal(c, "a default value")
    member = syntax.DictionaryMember(
        c.since(head.start), own, head.doc, name, name_span, type, required, default
    )
    c.expect(";", f"after '{name}'")
    return member
