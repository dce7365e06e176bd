"""Reference pages in Markdown: every definition with its comment, and its members in the words of the IDL."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Iterable, List, Sequence, Tuple, Type, Union

import program as linked
import syntax
from disposal import symbol_of
from idl_text import arguments_text, iteration_text, operation_text, type_text
from program import Program
from render import environment


@dataclass(frozen=True)
class Entry:
    """One member that has a line of its own, with the notes and the comment under it."""

    signature: str
    notes: str
    doc: Sequence[str]


@dataclass(frozen=True)
class Group:
    """Members of one kind: a table if there are columns, else a list of entries."""

    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    entries: Sequence[Entry] = ()


@dataclass(frozen=True)
class Section:
    """One definition."""

    name: str
    kind: str
    facts: str
    doc: str
    groups: Sequence[Group]


@dataclass(frozen=True)
class Page:
    title: str
    sources: str
    # The kinds of definitions there are, each with the links to them.
    contents: Sequence[Tuple[str, str]]
    sections: Sequence[Section]


def emit_md(program: Program, title: str, sources: Sequence[str]) -> str:
    """The text of the page about a program. `sources` are the names of the IDL files, for the banner."""
    page = _Reference(program).page(title, sources)
    return environment().get_template("reference.md.j2").render(page=page)


class _Reference:
    def __init__(self, program: Program) -> None:
        self.program = program

    def page(self, title: str, sources: Sequence[str]) -> Page:
        globals = self.program.own_globals
        definitions = [d for d in self.program.definitions.values() if not linked.is_elsewhere(d)]
        sections = [Section("Globals", "global", "", "", self._members(globals))] if globals else []
        sections += [self._section(definition) for definition in definitions]
        contents = [(plural, _links(sections, kind)) for kind, plural in _PLURALS.items()]
        return Page(title, ", ".join(sources), [line for line in contents if line[1]], sections)

    def _section(self, definition: linked.Named) -> Section:
        kind, describe = _KINDS[type(definition)]
        groups = [group for group in describe(self, definition) if group.rows or group.entries]
        return Section(definition.name, kind, self._facts(definition, kind), "\n".join(_lines(definition.doc)), groups)

    def _facts(self, definition: linked.Named, kind: str) -> str:
        facts = [kind]
        if isinstance(definition, (linked.Interface, linked.Dictionary)) and definition.parent:
            facts.append(f"inherits from {self._link(definition.parent.name)}")
        if isinstance(definition, linked.Interface) and definition.attribute("Dispose"):
            facts.append("`[Symbol.dispose]()` frees an object at once")
        if isinstance(definition, linked.Interface):
            facts += self._interface_facts(definition)
        return " · ".join([*facts, *_notes(definition)])

    def _interface_facts(self, interface: linked.Interface) -> List[str]:
        facts = [f"includes {', '.join(map(self._link, interface.mixins))}"] if interface.mixins else []
        namespace = interface.attribute("LegacyNamespace")
        facts += [f"found as `{namespace.value}.{interface.name}`"] if namespace else []
        aliases = [f"`{alias}`" for alias in linked.aliases(interface)]
        return facts + ([f"also called {', '.join(aliases)}"] if aliases else [])

    # -- members ----------------------------------------------------------------------------------------------

    def _interface(self, interface: Any) -> List[Group]:
        """The members of the interface itself; those of mixins stand with the mixin."""
        mixed_in = (m for m in interface.members if not isinstance(self.program.declared_in[m], syntax.Mixin))
        groups = self._members(list(mixed_in), interface.name)
        factories = [self._new(one.value, one.arguments) for one in linked.factories(interface)]
        if factories and groups and groups[0].title == "Constructors":
            return [Group("Constructors", entries=[*groups[0].entries, *factories]), *groups[1:]]
        return [Group("Constructors", entries=factories)] * bool(factories) + groups

    def _container(self, definition: Any) -> List[Group]:
        return self._members(definition.members)

    def _members(self, members: Sequence[syntax.Member], name: str = "") -> List[Group]:
        constructors = [m for m in members if isinstance(m, syntax.Constructor)]
        constants = [m for m in members if isinstance(m, syntax.Constant)]
        attributes = [m for m in members if isinstance(m, syntax.Attribute)]
        operations = [m for m in members if not isinstance(m, (syntax.Constructor, syntax.Constant, syntax.Attribute))]
        groups = [
            Group("Constructors", entries=[self._constructor(member, name) for member in constructors]),
            Group("Constants", ("name", "type", "value", ""), [self._constant(member) for member in constants]),
            Group("Attributes", ("name", "type", ""), [self._attribute(member) for member in attributes]),
            Group("Operations", entries=[self._operation(member) for member in operations]),
        ]
        return [group for group in groups if group.rows or group.entries]

    def _constructor(self, constructor: syntax.Constructor, name: str) -> Entry:
        entry = self._new(name, constructor.arguments)
        return replace(entry, notes=", ".join(_notes(constructor)), doc=_lines(constructor.doc))

    def _new(self, name: str, arguments: Sequence[syntax.Argument]) -> Entry:
        return Entry(f"new **{name}**{self._linked(arguments_text(arguments, self._link))}", "", [])

    def _operation(self, member: syntax.Member) -> Entry:
        if isinstance(member, syntax.Operation):
            signature = self._linked(operation_text(member, self._link, lambda name: f"**{name}**"))
        else:
            signature = self._linked(iteration_text(member, self._link))
        symbol = symbol_of(self.program, [member])
        notes = [*_notes(member), *([f"is `[{symbol}]`, too"] if symbol else [])]
        return Entry(signature, ", ".join(notes), _lines(member.doc))

    def _constant(self, constant: syntax.Constant) -> List[str]:
        return [f"`{constant.name}`", self._type(constant.type), f"`{constant.value.span.text}`", _cell(constant.doc)]

    def _attribute(self, attribute: syntax.Attribute) -> List[str]:
        words = ["static"] if attribute.static else []
        forwards = attribute.attribute("PutForwards")
        words += ["read-only"] if attribute.readonly and not forwards else []
        words += [f"assigning sets its `{forwards.value}`"] if forwards else []
        words += ["is what toString gives"] if attribute.special == "stringifier" else []
        notes = ", ".join([*words, *_notes(attribute)])
        doc = " ".join(part for part in (f"*{notes}.*" if notes else "", _cell(attribute.doc)) if part)
        return [f"`{attribute.name}`", self._type(attribute.type), doc]

    def _dictionary(self, dictionary: linked.Dictionary) -> List[Group]:
        rows = [[f"`{m.name}`", self._type(m.type), _default(m), _cell(m.doc)] for m in dictionary.members]
        return [Group("Members", ("name", "type", "default", ""), rows)]

    # -- definitions without members ------------------------------------------------------------------------------

    def _enum(self, enum: syntax.Enum) -> List[Group]:
        return [Group("Values", ("value", ""), [[f'`"{value.name}"`', _cell(value.doc)] for value in enum.values])]

    def _callback(self, callback: syntax.CallbackFunction) -> List[Group]:
        text = f"{type_text(callback.type, self._link)} **{callback.name}**"
        signature = text + arguments_text(callback.arguments, self._link)
        return [Group("Called as", entries=[Entry(self._linked(signature), "", [])])]

    def _typedef(self, typedef: syntax.Typedef) -> List[Group]:
        return [Group("Stands for", entries=[Entry(self._type(typedef.type), "", [])])]

    # -- text -------------------------------------------------------------------------------------------------

    def _type(self, type: syntax.Type) -> str:
        return self._linked(type_text(type, self._link))

    def _link(self, name: str) -> str:
        definition = self.program.definitions.get(name)
        return f"[{name}](#{name.lower()})" if definition and not linked.is_elsewhere(definition) else name

    def _linked(self, text: str) -> str:
        return html.escape(text, quote=False)


def _notes(declaration: Union[syntax.Declaration, linked.Linked]) -> List[str]:
    """What a caller is to know besides the signature."""
    capability = declaration.attribute("Capability")
    notes = [f"needs the capability `{capability.value}`"] if capability else []
    return [*notes, *(words for name, words in _TOLD.items() if declaration.attribute(name))]


# What extended attributes mean to callers.
_TOLD = {
    "Throws": "may throw",
    "Blocking": "runs on another thread",
    "NewObject": "a new object each time",
    "SameObject": "the same object each time",
    "Replaceable": "may be replaced",
    "LegacyNoInterfaceObject": "is no global",
}


def _default(member: syntax.DictionaryMember) -> str:
    if member.default:
        return f"`{member.default.span.text}`"
    return "*required*" if member.required else ""


# What JSDoc's tags say, in the words of a page.
_TAGS = {"param": "- `{}`: {}", "returns": "- gives {} {}", "return": "- gives {} {}", "throws": "- throws {} {}"}
_TAG = re.compile(r"\s*@(\w+) +(\S+) *(?:- +)?(.*)")


def _lines(doc: str) -> List[str]:
    """The lines of a comment, the tags of JSDoc in it as a list."""
    found = [(line, _TAG.match(line)) for line in doc.splitlines()]
    return [_TAGS[tag[1]].format(tag[2], tag[3]).rstrip() if tag and tag[1] in _TAGS else line for line, tag in found]


def _cell(text: str) -> str:
    """Text that fits into one cell of a table."""
    return " ".join(" ".join(_lines(text)).split()).replace("|", "\\|")


def _links(sections: Iterable[Section], kind: str) -> str:
    return ", ".join(f"[{s.name}](#{s.name.lower()})" for s in sections if s.kind == kind)


_Describe = Callable[[_Reference, Any], List[Group]]

_KINDS: Dict[Type[object], Tuple[str, _Describe]] = {
    linked.Interface: ("interface", _Reference._interface),
    linked.Mixin: ("mixin", _Reference._container),
    linked.Namespace: ("namespace", _Reference._container),
    linked.Dictionary: ("dictionary", _Reference._dictionary),
    syntax.CallbackInterface: ("callback interface", _Reference._container),
    syntax.CallbackFunction: ("callback", _Reference._callback),
    syntax.Enum: ("enumeration", _Reference._enum),
    syntax.Typedef: ("typedef", _Reference._typedef),
}

_PLURALS = {
    "global": "Global object",
    "interface": "Interfaces",
    "mixin": "Mixins",
    "namespace": "Namespaces",
    "dictionary": "Dictionaries",
    "callback interface": "Callback interfaces",
    "callback": "Callbacks",
    "enumeration": "Enumerations",
    "typedef": "Typedefs",
}
