"""Leaves out what the global object does not have: what is not exposed to it, in the words of the standard.

Between check and lower, and on the syntax tree, which is linked anew: so all that is made of a program agrees about what
scripts see. An interface that is not exposed, but is a type of something that is there, stays as a type: without an
interface object, and without members. Dictionaries, enumerations and callbacks are exposed to nobody, and stay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import AbstractSet, Dict, Iterator, List, Optional, Sequence, Set, Tuple, Union

import syntax
from diagnostics import Sink, declared_here
from link import LIBRARIES, identifier_types, link, mentioned
from program import GLOBAL_SCOPE, Absence, Interface, Namespace, Program, is_elsewhere
from source import Imported

_Container = Union[syntax.Interface, syntax.Mixin, syntax.Namespace, syntax.CallbackInterface]
_CONTAINERS = (syntax.Interface, syntax.Mixin, syntax.Namespace, syntax.CallbackInterface)
# The extended attributes of an interface that say what its objects are in C.
_OF_TYPES = ("ExternalMemory", "Header", "ImplementedAs", "Release")


def expose(program: Program, names: AbstractSet[str], sink: Sink) -> Program:
    """The program without what is not exposed to a global object that [Exposed] calls CleatGlobalScope and by `names`.

    Where there are no names, it is noted what is left out, so that nobody has to wonder.
    """
    exposer = _Exposer(program, {GLOBAL_SCOPE, *names}, sink)
    hidden = list(exposer.hidden())
    if not hidden:
        return program
    if not names:
        _note(hidden, sink)
    return exposer.program()


def _note(hidden: Sequence[syntax.Declaration], sink: Sink) -> None:
    for declaration in hidden:
        attribute = declaration.attribute("Exposed")
        if attribute and declaration.span.file.imported is None:
            text = f"this is not exposed to {GLOBAL_SCOPE}, and left out; '--expose {attribute.values[0]}' has it there"
            sink.note("not-exposed", text, attribute.span)


class _Exposer:
    def __init__(self, program: Program, names: AbstractSet[str], sink: Sink) -> None:
        self.whole = program
        self.names = names
        self.sink = sink
        # The names of the definitions of which nothing is exposed.
        self.hidden_names = {d.name for d in self.hidden() if isinstance(d, _CONTAINERS) and not _is_partial(d)}

    def hidden(self) -> Iterator[syntax.Declaration]:
        """What says by itself that it is not exposed; what does not say is as exposed as what it stands in."""
        for module in self.whole.modules:
            for definition in module.definitions:
                if isinstance(definition, _CONTAINERS):
                    if not self._is_exposed(definition):
                        yield definition
                    else:
                        yield from (one for one in definition.members if not self._is_exposed(one))

    def _is_exposed(self, declaration: syntax.Declaration) -> bool:
        """Whether the global object is in the standard's "own exposure set"."""
        attribute = declaration.attribute("Exposed")
        if attribute is None or attribute.form == syntax.WILDCARD:
            return True
        return any(name in self.names for name in attribute.values)

    def program(self) -> Program:
        shown = [replace(module, definitions=tuple(self._shown(module, set()))) for module in self.whole.modules]
        types = self._types(shown)
        if self.sink.has_errors:
            return self.whole
        modules = [
            replace(module, definitions=tuple(self._shown(module, types)))
            for module in self.whole.modules
            if not module.file.is_prelude and module.file.imported not in LIBRARIES.values()
        ]
        made = link(modules, self.sink)
        return replace(made, absent=tuple(self._absent(made)))

    # -- what is exposed --------------------------------------------------------------------------------------

    def _shown(self, module: syntax.Module, types: AbstractSet[str]) -> Iterator[syntax.Definition]:
        """The definitions of which something is exposed, with what that is. `types` are hidden ones that stay as types."""
        for definition in module.definitions:
            is_hidden = definition.name in self.hidden_names
            if isinstance(definition, syntax.Includes):
                if not is_hidden and definition.mixin not in self.hidden_names:
                    yield definition
            elif isinstance(definition, syntax.CallbackInterface):
                # A type in any case; its constants are on a property of the global object.
                yield _without_constants(definition) if is_hidden else self._with_members(definition)
            elif not isinstance(definition, _CONTAINERS):
                yield definition
            elif not is_hidden and self._is_exposed(definition):
                yield self._found(self._with_members(definition))
            elif definition.name in types and isinstance(definition, syntax.Interface) and not definition.partial:
                yield _as_type(definition)

    def _with_members(self, definition: _Container) -> _Container:
        members = tuple(member for member in definition.members if self._is_exposed(member))
        return definition if members == definition.members else replace(definition, members=members)

    def _found(self, definition: _Container) -> _Container:
        """Where there is no namespace object, there is no place for the interface object."""
        namespace = definition.attribute("LegacyNamespace")
        if namespace is None or namespace.value not in self.hidden_names:
            return definition
        others = tuple(one for one in definition.attributes if one is not namespace)
        return replace(definition, attributes=(*others, _hides_interface_object(definition)))

    # -- what stays as a type ---------------------------------------------------------------------------------

    def _types(self, shown: Sequence[syntax.Module]) -> Set[str]:
        """The hidden interfaces that what is shown mentions, and those that they inherit from: each set has its own."""
        sets: Dict[Optional[Imported], List[syntax.Module]] = {}
        for module in shown:
            sets.setdefault(module.file.imported, []).append(module)
        types: Set[str] = set()
        wanted: List[Tuple[Interface, Sequence[syntax.Module]]] = []
        for own, modules in sets.items():
            for name in sorted(mentioned(modules, identifier_types(modules)) & self.hidden_names):
                definition = self.whole.definitions[name]
                for one in (definition, *definition.ancestors()) if isinstance(definition, Interface) else ():
                    if one.name not in self.hidden_names:
                        continue
                    if one.span.file.imported == own:
                        types.add(one.name)
                    else:
                        wanted.append((one, modules))
        for one, users in wanted:
            if one.name not in types:
                self._report(one, users)
        return types

    def _report(self, interface: Interface, modules: Sequence[syntax.Module]) -> None:
        message = f"'{interface.name}' is not exposed, and of no use to the set it is imported from: that has no such type in C"
        places = [type.span for type in identifier_types(modules) if type.name == interface.name]
        note = declared_here(interface.name_span)
        self.sink.error("not-exposed", message, places[0] if places else interface.name_span, note)

    # -- what is missed ---------------------------------------------------------------------------------------

    def _absent(self, made: Program) -> Iterator[Absence]:
        for name, whole in self.whole.definitions.items():
            if is_elsewhere(whole) and whole is not self.whole.global_scope:
                continue
            if isinstance(whole, syntax.CallbackInterface):
                if name in self.hidden_names and any(isinstance(one, syntax.Constant) for one in whole.members):
                    yield Absence(whole)
            elif isinstance(whole, (Interface, Namespace)):
                if name not in self.hidden_names:
                    yield from _absent_members(whole, made)
                elif not whole.attribute("LegacyNoInterfaceObject"):
                    yield Absence(whole)


def _absent_members(whole: Union[Interface, Namespace], made: Program) -> Iterator[Absence]:
    definition = made.definitions[whole.name]
    assert isinstance(definition, (Interface, Namespace))
    there = {_key(member) for member in definition.members}
    for member in whole.members:
        if member.name and _key(member) not in there and not is_elsewhere(member):
            yield Absence(definition, member)


def _is_partial(definition: syntax.Definition) -> bool:
    return getattr(definition, "partial", False)


def _key(member: syntax.Member) -> Tuple[str, bool]:
    return member.name, getattr(member, "static", False)


def _as_type(interface: syntax.Interface) -> syntax.Interface:
    kept = tuple(one for one in interface.attributes if one.name in _OF_TYPES)
    doc = "\n\n".join(filter(None, [interface.doc, "Not exposed: scripts may get such objects, which have no members."]))
    return replace(interface, attributes=(*kept, _hides_interface_object(interface)), doc=doc, members=())


def _hides_interface_object(definition: syntax.Definition) -> syntax.ExtendedAttribute:
    return syntax.ExtendedAttribute(definition.name_span, "LegacyNoInterfaceObject", syntax.NO_ARGS)


def _without_constants(definition: syntax.CallbackInterface) -> syntax.CallbackInterface:
    return replace(definition, members=tuple(m for m in definition.members if not isinstance(m, syntax.Constant)))
