"""Links modules into a program: partials and mixins merged, inheritance and names resolved, cycles broken.

Every error that is reported here is also repaired, so that the checks after it can go on with what is left.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterable, Iterator, Sequence, TypeVar, Union

import program as linked
import syntax
from diagnostics import Note, Sink, declared_here
from idl_parser import read
from program import GLOBAL_SCOPE, Program
from source import Imported, SourceFile, Span

PRELUDE = "prelude"
# Cleat's own sets that another one imports by mentioning what they define, where nothing else defines that.
LIBRARIES = {name: Imported(f"cleat/{name}", "cleat") for name in ("dom_exception", "events")}
# Where their IDL and the prelude's may be, seen from the folder of this file: in the project, and installed under a prefix.
_PLACES = ("..", "../share/cleat", "../../share/cleat", "../../../share/cleat")
_PARTIAL_KINDS = (syntax.Interface, syntax.Mixin, syntax.Namespace, syntax.Dictionary)
_Partial = Union[syntax.Interface, syntax.Mixin, syntax.Namespace, syntax.Dictionary]
_Kind = TypeVar("_Kind", bound=syntax.Definition)

_KIND_NAMES: dict[type[syntax.Definition], str] = {
    syntax.Interface: "an interface",
    syntax.Mixin: "an interface mixin",
    syntax.CallbackInterface: "a callback interface",
    syntax.Namespace: "a namespace",
    syntax.Dictionary: "a dictionary",
    syntax.Enum: "an enumeration",
    syntax.CallbackFunction: "a callback function",
    syntax.Typedef: "a typedef",
}


class _Names(Dict[str, syntax.Definition]):
    """What names mean: the definition of each that is not partial."""

    # Whether errors of syntax have taken no definition away. If they have, no name is called unknown.
    complete = True


def library_path(name: str) -> Path:
    """The file of the prelude, the definitions that every program starts with, or of a library."""
    here = Path(__file__).resolve().parent
    candidates = [(here / place / f"idl/{name}.idl").resolve() for place in _PLACES]
    return next((path for path in candidates if path.exists()), candidates[0])


def read_library(name: str, sink: Sink) -> syntax.Module:
    """The definitions of the prelude or of a library."""
    text = library_path(name).read_text(encoding="utf-8")
    return read(SourceFile(f"idl/{name}.idl", text, name == PRELUDE, LIBRARIES.get(name)), sink)


def link(modules: Sequence[syntax.Module], sink: Sink) -> Program:
    """The program that the modules make together with the prelude, and with the libraries that they mention."""
    given = (read_library(PRELUDE, sink), *modules)
    types = list(identifier_types(given))
    libraries = _libraries(given, types, sink)
    types += identifier_types(libraries)
    every_module = (given[0], *libraries, *modules)
    definitions = [d for module in every_module for d in module.definitions]
    names = _main_definitions(definitions, sink)
    names.complete = all(module.complete for module in modules)
    partials = _partials(definitions, names, sink)
    mixins = _mixins(definitions, names, sink)
    _break_typedef_cycles(names, sink)
    _check_references(types, names, sink)
    return _program(every_module, names, partials, mixins, sink)


# ---------------------------------------------------------------------------
# Libraries


def _libraries(
    modules: Sequence[syntax.Module], types: Iterable[syntax.IdentifierType], sink: Sink
) -> list[syntax.Module]:
    """The libraries that define a name which the modules use, in `types` among others, and do not define.

    A library goes unread where a module defines something of its own that has a name in it: both cannot be meant.
    """
    definitions = [definition for module in modules for definition in module.definitions]
    defined = {definition.name for definition in definitions if not _is_addition(definition)}
    missing = mentioned(modules, types) - defined
    found: list[syntax.Module] = []
    for library in LIBRARIES if missing else ():
        one = read_library(library, sink)
        given = {d.name for d in one.definitions if not isinstance(d, syntax.Typedef)}
        if any(d.name in missing for d in one.definitions) and not given & defined:
            found.append(one)
    return found


def mentioned(modules: Iterable[syntax.Module], types: Iterable[syntax.IdentifierType]) -> set[str]:
    """Every name that the modules use, of which `types` are the identifier_types."""
    names = {type.name for type in types}
    for module in modules:
        for definition in module.definitions:
            inherited = getattr(definition, "inheritance", None)
            names |= {inherited.name} if inherited else set()
            names |= {definition.name} if _is_addition(definition) else set()
    return names


def _is_addition(definition: syntax.Definition) -> bool:
    """Whether it only adds to a definition of the same name."""
    return isinstance(definition, syntax.Includes) or getattr(definition, "partial", False)


# ---------------------------------------------------------------------------
# Names


def _main_definitions(definitions: Iterable[syntax.Definition], sink: Sink) -> _Names:
    """The definitions that give names their meaning. One of the same name replaces Cleat's own."""
    names = _Names()
    for definition in definitions:
        if _is_addition(definition):
            continue
        earlier = names.get(definition.name)
        if earlier and (definition.name == GLOBAL_SCOPE or not _is_of_cleat(earlier)):
            message = f"'{definition.name}' is already {_KIND_NAMES[type(earlier)]}"
            if definition.name == GLOBAL_SCOPE:
                message += "; write 'partial interface' to add members to it"
            sink.error("duplicate-definition", message, definition.name_span, declared_here(earlier.name_span))
        else:
            names[definition.name] = definition
    return names


def _is_of_cleat(definition: syntax.Definition) -> bool:
    return definition.span.file.is_prelude or definition.span.file.imported in LIBRARIES.values()


def _check_references(types: Iterable[syntax.IdentifierType], names: _Names, sink: Sink) -> None:
    """Reports identifiers in types that no definition gives a meaning as a type."""
    for written in types:
        definition = names.get(written.name)
        if definition is None:
            _report_unknown(written.name, written.span, names, sink)
        elif isinstance(definition, (syntax.Mixin, syntax.Namespace)):
            message = f"'{written.name}' is {_KIND_NAMES[type(definition)]}, which is no type"
            sink.error("not-a-type", message, written.span, declared_here(definition.name_span))


def identifier_types(modules: Iterable[syntax.Module]) -> Iterator[syntax.IdentifierType]:
    """Every place where a type is named."""
    for module in modules:
        for declaration in module.declarations:
            for type in syntax.types_of(declaration):
                yield from _identifiers(type)
            for argument in syntax.arguments_of(declaration):
                yield from _identifiers(argument.type)
            for attribute in declaration.attributes:
                for argument in attribute.arguments:
                    yield from _identifiers(argument.type)


def _identifiers(type: syntax.Type) -> Iterator[syntax.IdentifierType]:
    if isinstance(type, syntax.IdentifierType):
        yield type
    elif not isinstance(type, syntax.SimpleType):
        yield from (part for part in syntax.inclusive_parts(type) if isinstance(part, syntax.IdentifierType))


# How types of C and of other languages are written in Web IDL.
_SPELLINGS = {
    **dict.fromkeys(("string", "String", "str"), "write 'DOMString'"),
    "void": "write 'undefined'",
    **dict.fromkeys(("int", "int32", "int32_t", "Int"), "write 'long'"),
    **dict.fromkeys(("uint", "uint32", "uint32_t"), "write 'unsigned long'"),
    **dict.fromkeys(("int64", "int64_t"), "write 'long long'"),
    **dict.fromkeys(("uint64", "uint64_t", "size_t"), "write 'unsigned long long'"),
    **dict.fromkeys(("bool", "Boolean"), "write 'boolean'"),
    **dict.fromkeys(("number", "Number", "float64"), "write 'double'"),
    "char": "write '[CString] DOMString' for a char*, and 'octet' for a byte",
    **dict.fromkeys(("uint8", "uint8_t"), "write 'octet'"),
    **dict.fromkeys(("int8", "int8_t"), "write 'byte'"),
}


def _report_unknown(name: str, span: Span, names: _Names, sink: Sink) -> None:
    if names.complete:
        near = difflib.get_close_matches(name.lower(), [other.lower() for other in names], n=1, cutoff=0.8)
        similar = (names[other] for other in names if other.lower() in near)
        notes = [Note(f"did you mean '{definition.name}'?", definition.name_span) for definition in similar]
        hint = f"; {_SPELLINGS[name]}" if name in _SPELLINGS and not notes else ""
        sink.error("unknown-name", f"'{name}' is not defined{hint}", span, *notes)


# ---------------------------------------------------------------------------
# Partials and mixins


def _partials(
    definitions: Iterable[syntax.Definition], names: _Names, sink: Sink
) -> dict[str, list[_Partial]]:
    """The partial definitions of each name, in order."""
    partials: dict[str, list[_Partial]] = defaultdict(list)
    for definition in definitions:
        if not isinstance(definition, _PARTIAL_KINDS) or not definition.partial:
            continue
        main = names.get(definition.name)
        if main is not None and _adds_to_import(main, definition):
            _report_import(main, definition.name_span, sink)
            continue
        if type(main) is type(definition):
            partials[definition.name].append(definition)
            continue
        if main is None and names.complete:
            message = f"'{definition.name}' has partial definitions only"
            sink.error("partial-without-definition", message, definition.name_span)
        elif main:
            message = f"'{definition.name}' is {_KIND_NAMES[type(main)]}"
            sink.error("partial-kind", message, definition.name_span, declared_here(main.name_span))
    return partials


def _mixins(
    definitions: Iterable[syntax.Definition], names: _Names, sink: Sink
) -> dict[str, list[str]]:
    """The names of the mixins that each interface includes, in order."""
    mixins: dict[str, list[str]] = defaultdict(list)
    for definition in definitions:
        if not isinstance(definition, syntax.Includes):
            continue
        is_interface = _expect_kind(definition.name, definition.name_span, syntax.Interface, names, sink)
        is_mixin = _expect_kind(definition.mixin, definition.mixin_span, syntax.Mixin, names, sink)
        if is_interface and _adds_to_import(names[definition.name], definition):
            _report_import(names[definition.name], definition.name_span, sink)
            continue
        if definition.mixin in mixins[definition.name]:
            message = f"'{definition.name}' includes '{definition.mixin}' already"
            sink.error("duplicate-includes", message, definition.span)
        elif is_interface and is_mixin:
            mixins[definition.name].append(definition.mixin)
    return mixins


def _adds_to_import(main: syntax.Definition, addition: syntax.Definition) -> bool:
    imported = main.span.file.imported
    return imported is not None and imported != addition.span.file.imported


def _report_import(main: syntax.Definition, span: Span, sink: Sink) -> None:
    message = f"'{main.name}' is of an imported set, and gets no members from others"
    sink.error("imported-partial", message, span, declared_here(main.name_span))


def _expect_kind(
    name: str,
    span: Span,
    kind: type[syntax.Definition],
    names: _Names,
    sink: Sink,
) -> bool:
    definition = names.get(name)
    if definition is None:
        _report_unknown(name, span, names, sink)
    elif not isinstance(definition, kind):
        message = f"'{name}' is {_KIND_NAMES[type(definition)]}; {_KIND_NAMES[kind]} is needed here"
        sink.error("wrong-kind", message, span, declared_here(definition.name_span))
    return isinstance(definition, kind)


# ---------------------------------------------------------------------------
# Cycles


def _break_typedef_cycles(names: _Names, sink: Sink) -> None:
    """Makes the typedefs that are defined by themselves stand for any."""
    uses = {
        name: tuple(dict.fromkeys(t.name for t in _identifiers(definition.type)))
        for name, definition in names.items()
        if isinstance(definition, syntax.Typedef)
    }
    for name in names_on_cycles(uses):
        definition = names[name]
        sink.error("typedef-cycle", f"the typedef '{name}' is defined by itself", definition.name_span)
        anything = syntax.SimpleType(definition.span, (), "any")
        names[name] = syntax.Typedef(
            definition.span, definition.attributes, definition.doc, name, definition.name_span, anything
        )


def names_on_cycles(uses: dict[str, tuple[str, ...]]) -> list[str]:
    """One name of each cycle that a search in depth runs into."""
    found: list[str] = []
    state: dict[str, bool] = {}  # False while a name is being followed, True when it is done
    for start in uses:
        if start in state:
            continue
        state[start] = False
        path = [(start, iter(uses[start]))]
        while path:
            name, rest = path[-1]
            following = next((n for n in rest if n in uses and not state.get(n, False)), None)
            if following is None:
                state[name] = True
                path.pop()
            elif following in state:
                found.append(following)
            else:
                state[following] = False
                path.append((following, iter(uses[following])))
    return list(dict.fromkeys(found))


def _parents(kind: type[_Kind], names: _Names, sink: Sink) -> dict[str, str]:
    """The name that each interface, or each dictionary, inherits from, without cycles."""
    parents: dict[str, str] = {}
    for name, definition in names.items():
        if isinstance(definition, kind) and isinstance(definition, (syntax.Interface, syntax.Dictionary)):
            inherited = definition.inheritance
            if inherited and _expect_kind(inherited.name, inherited.span, kind, names, sink):
                parents[name] = inherited.name
    for name in names_on_cycles({child: (parent,) for child, parent in parents.items()}):
        sink.error("inheritance-cycle", f"'{name}' inherits from itself", names[name].name_span)
        del parents[name]
    return parents


def _parents_first(names: Iterable[str], parents: dict[str, str]) -> list[str]:
    """The names in an order in which every parent comes before its children."""
    order: dict[str, None] = {}
    for name in names:
        chain = [name]
        while chain[-1] in parents and parents[chain[-1]] not in order:
            chain.append(parents[chain[-1]])
        order.update(dict.fromkeys(reversed(chain)))
    return list(order)


# ---------------------------------------------------------------------------
# The program


def _program(
    modules: tuple[syntax.Module, ...],
    names: _Names,
    partials: dict[str, list[_Partial]],
    includes: dict[str, list[str]],
    sink: Sink,
) -> Program:
    mixins = {
        name: linked.Mixin(name, main, main.attributes, _merged(main.members, partials[name]))
        for name, main in _of_kind(syntax.Mixin, names)
    }
    namespaces = {
        name: linked.Namespace(name, main, main.attributes, _merged(main.members, partials[name]))
        for name, main in _of_kind(syntax.Namespace, names)
    }
    callback_interfaces = dict(_of_kind(syntax.CallbackInterface, names))
    callbacks = dict(_of_kind(syntax.CallbackFunction, names))
    enums = dict(_of_kind(syntax.Enum, names))
    typedefs = dict(_of_kind(syntax.Typedef, names))
    interfaces = _interfaces(names, partials, includes, mixins, sink)
    dictionaries = _dictionaries(names, partials, sink)
    by_name: dict[str, linked.Named] = {
        **mixins, **namespaces, **callback_interfaces, **callbacks, **enums, **typedefs, **interfaces, **dictionaries
    }  # fmt: skip
    return Program(
        interfaces,
        mixins,
        namespaces,
        dictionaries,
        callback_interfaces,
        callbacks,
        enums,
        typedefs,
        {name: by_name[name] for name in names},
        _declared_in(modules),
        modules,
    )


def _of_kind(kind: type[_Kind], names: _Names) -> list[tuple[str, _Kind]]:
    return [(name, definition) for name, definition in names.items() if isinstance(definition, kind)]


def _merged(own: tuple[syntax.Member, ...], partials: Iterable[_Partial]) -> tuple[syntax.Member, ...]:
    added = (m for partial in partials if not isinstance(partial, syntax.Dictionary) for m in partial.members)
    return (*own, *added)


def _interfaces(
    names: _Names,
    partials: dict[str, list[_Partial]],
    includes: dict[str, list[str]],
    mixins: dict[str, linked.Mixin],
    sink: Sink,
) -> dict[str, linked.Interface]:
    parents = _parents(syntax.Interface, names, sink)
    declared = dict(_of_kind(syntax.Interface, names))
    made: dict[str, linked.Interface] = {}
    for name in _parents_first(declared, parents):
        main = declared[name]
        members = _merged(main.members, partials[name])
        for mixin in includes[name]:
            members += mixins[mixin].members
        attributes = main.attributes + _applied_by_partials(partials[name])
        parent = made[parents[name]] if name in parents else None
        made[name] = linked.Interface(name, main, attributes, parent, members, tuple(includes[name]))
    return {name: made[name] for name in declared}


def _applied_by_partials(partials: Iterable[_Partial]) -> tuple[syntax.ExtendedAttribute, ...]:
    """The extended attributes that apply to a whole interface though a partial has them."""
    return tuple(a for p in partials for a in p.attributes if a.name == "LegacyOverrideBuiltIns")


def _dictionaries(
    names: _Names, partials: dict[str, list[_Partial]], sink: Sink
) -> dict[str, linked.Dictionary]:
    parents = _parents(syntax.Dictionary, names, sink)
    declared = dict(_of_kind(syntax.Dictionary, names))
    made: dict[str, linked.Dictionary] = {}
    for name in _parents_first(declared, parents):
        main = declared[name]
        members = list(main.members)
        for partial in partials[name]:
            members += partial.members if isinstance(partial, syntax.Dictionary) else ()
        parent = made[parents[name]] if name in parents else None
        made[name] = linked.Dictionary(name, main, main.attributes, parent, tuple(members))
    return {name: made[name] for name in declared}


def _declared_in(modules: Iterable[syntax.Module]) -> dict[syntax.Declaration, syntax.Definition]:
    return {
        member: definition
        for module in modules
        for definition in module.definitions
        for member in syntax.members_of(definition)
    }
