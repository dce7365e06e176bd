"""Lowers what makes interfaces iterable."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Tuple, Union

import program as linked
import syntax
from idl_types import CType
from hook_builder import Container
from layout import comment, fit, one_line
from model import Collection, Hook, Pairs
from names import mentions_env, string_literal

if TYPE_CHECKING:
    from lower import Lowering

_ITERATORS = (("entries", "CLEAT_ENTRIES"), ("keys", "CLEAT_KEYS"), ("values", "CLEAT_VALUES"))


def lower_iterable(lowering: Lowering, container: Container, member: syntax.Iterable) -> None:
    """iterable<K, V>: a hook that gives the pair of an index. iterable<V> is done by a flag of the class."""
    if member.key is None:
        return
    idl = one_line(member.span.text)
    snake = lowering.snake_of(container)
    for name, kind in _ITERATORS:
        function = lowering.hook_name(container, name)
        lines = [f"cleat_return_iterator(call, &js_pairs_of_{snake}, {kind});"]
        native = lowering.add_function(container, f"{idl}: {name}", function, lines)
        entries = [f".name = {string_literal(name)}", ".kind = CLEAT_OPERATION", f".call = {native}"]
        lowering.add_row(container, member, entries, ["CLEAT_ITERATES"] * (name == "entries"))
    function = lowering.hook_name(container, "forEach")
    lines = [f"cleat_for_each_pair(call, &js_pairs_of_{snake});"]
    native = lowering.add_function(container, f"{idl}: forEach", function, lines)
    entries = ['.name = "forEach"', ".kind = CLEAT_OPERATION", f".call = {native}", ".length = 1"]
    lowering.add_row(container, member, entries, [])
    container.pairs = _pairs(lowering, container, member, member.key, idl, snake)


def _pairs(
    lowering: Lowering, container: Container, member: syntax.Iterable, key_type: syntax.Type, idl: str, snake: str
) -> Pairs:
    types = lowering.types
    key, value = types.row(key_type), types.row(member.value)
    hook = lowering.hook_name(container, "pairAt")
    env = ["CleatEnv* env"] if member.attribute("Throws") else []
    parameters = [*env, *container.self_parameter, "size_t index", f"{key.c}* key", f"{value.c}* value"]
    note = "Stores pair `index` and returns true, or returns false behind the last one."
    prototype = lowering.prototype(hook, fit(f"bool {hook}(", parameters, ");"), member.span, False)
    container.hook_list.append(Hook(comment(idl, member.doc, note), prototype))
    passed = [*(["env"] if env else []), *container.passed_self, "index", "&its_key", "&its_value"]
    lines = [f"{key.c} its_key;", f"{value.c} its_value;", *fit(f"if (!{hook}(", passed, ")) return false;", 2)]
    if env:
        lines.append("if (cleat_failed(env)) return false;")
        lowering.rules.add("env")
    lines.append(f"*key = {types.write(key, 'its_key')};")
    lines.append(f"*value = {types.write(value, 'its_value')};")
    lines.append("return *key != NULL && *value != NULL;")
    if not mentions_env(lines):
        lines.insert(0, "(void)env;")
    name = string_literal(f"{container.definition.name} Iterator")
    return Pairs(comment(idl), snake, hook, container.descriptor, name, tuple(container.without_self(lines)))


# ---------------------------------------------------------------------------
# maplike and setlike

# The name of each member, the number of its arguments, and the call that does it.
_READING = (("has", 1, "has"), ("forEach", 1, "for_each"))
_WRITING = (("delete", 1, "delete"), ("clear", 0, "clear"))


def lower_collection(lowering: Lowering, container: Container, member: Union[syntax.Maplike, syntax.Setlike]) -> None:
    """Members that the runtime has, converters of the types, and typed functions for C to change the entries."""
    is_map = isinstance(member, syntax.Maplike)
    interface = container.definition
    assert isinstance(interface, linked.Interface)
    idl = one_line(member.span.text)
    snake = lowering.snake_of(container)
    for name, kind in _ITERATORS:
        flags = ["CLEAT_ITERATES"] * (name == ("entries" if is_map else "values"))
        line = f"cleat_collection_iterate(call, &js_collection_of_{snake}, {kind});"
        _member(lowering, container, member, name, 0, line, flags)
    size = lowering.hook_name(container, "getSize")
    lines = [f"cleat_collection_size(call, &js_collection_of_{snake});"]
    native = lowering.add_function(container, f"{idl}: size", size, lines)
    entries = ['.name = "size"', ".kind = CLEAT_ATTRIBUTE", f".call = {native}"]
    lowering.add_row(container, member, entries, [])
    members: Tuple[Tuple[str, int, str], ...] = _READING
    if is_map:
        members = (("get", 1, "get"), *members)
    if not member.readonly:
        declared = {one.name for one in interface.members if isinstance(one, syntax.Operation) and not one.static}
        writing = (("set", 2, "put") if is_map else ("add", 1, "put"), *_WRITING)
        members += tuple(one for one in writing if one[0] not in declared)
    for name, length, call in members:
        line = f"cleat_collection_{call}(call, &js_collection_of_{snake});"
        _member(lowering, container, member, name, length, line, [])
    container.collection = _collection(lowering, container, member, idl, snake)


def _member(
    lowering: Lowering, container: Container, member: syntax.Member, name: str, length: int, line: str, flags: List[str]
) -> None:
    function = lowering.hook_name(container, name)
    native = lowering.add_function(container, f"{one_line(member.span.text)}: {name}", function, [line])
    entries = [f".name = {string_literal(name)}", ".kind = CLEAT_OPERATION", f".call = {native}"]
    lowering.add_row(container, member, entries + [f".length = {length}"] * bool(length), flags)


def _collection(
    lowering: Lowering, container: Container, member: Union[syntax.Maplike, syntax.Setlike], idl: str, snake: str
) -> Collection:
    types = lowering.types
    value = types.row(member.value)
    rows = [("key", types.row(member.key)), ("value", value)] if isinstance(member, syntax.Maplike) else [("key", value)]
    converters = tuple((part, tuple(types.there_and_back(row))) for part, row in rows)
    is_map = len(rows) == 2
    entries = [f"{row.parameter} {part}" for part, row in rows]
    made = [types.write(row, f"(*{part})" if row.passed == "&{value}" else part) for part, row in rows]
    given = [f"env, &js_collection_of_{snake}, {container.given_self}"]
    put = f"cleat_entry_put({', '.join([*given, *made] + ['NULL'] * (not is_map))})"
    delete = f"cleat_entry_delete({', '.join([*given, made[0]])})"
    clear = f"cleat_entries_clear({given[0]})"
    put_note = f"{idl}: puts an entry; false where an exception is pending."
    this = container.self_parameter
    for name, parameters, call, note in (
        ("setEntry" if is_map else "addEntry", [*this, *entries], put, put_note),
        ("deleteEntry", [*this, entries[0]], delete, "Returns whether it was there."),
        ("clearEntries", this, clear, "Deletes all entries."),
    ):
        lowering.give(container, member, "bool ", name, parameters, f"return {call};", note)
    slot = lowering.slot(container, "map" if isinstance(member, syntax.Maplike) else "set")
    return Collection(comment(idl), snake, container.descriptor, converters, slot)
