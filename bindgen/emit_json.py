"""The model as JSON: every definition as JavaScript sees it, and every member with the C that carries it out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Callable, Dict, List, Tuple, Type

import program as linked
import syntax
from check_overloads import overload_groups
from conversions import argument_conversion, conversion
from hook_builder import required_count
from disposal import is_disposable, symbol_of
from idl_text import type_text
from layout import one_line
from model import HookUse, Set
from program import Program

# An object of JSON.
Json = Dict[str, Any]


def emit_json(program: Program, model: Set) -> str:
    """The text of the file; README.md says what stands in it."""
    return json.dumps(_Model(program, model).document(), indent=2, ensure_ascii=False) + "\n"


class _Model:
    def __init__(self, program: Program, model: Set) -> None:
        self.program = program
        self.model = model
        self.uses: Dict[Tuple[str, syntax.Member], List[HookUse]] = {}
        for use in model.uses:
            self.uses.setdefault((use.container, use.member), []).append(use)
        self.classes = {one.name[1:-1]: one for one in model.classes}

    def document(self) -> Json:
        definitions = [d for d in self.program.definitions.values() if not linked.is_elsewhere(d)]
        scope = replace(self.program.global_scope, members=self.program.own_globals)
        made = [self._container(scope, "global")] if scope.members else []
        made += [_KINDS[type(definition)](self, definition) for definition in definitions]
        return {
            "name": self.model.file,
            "sources": self.model.sources.split(", "),
            "bindings": self.model.bindings or None,
            "definitions": made,
        }

    # -- definitions ------------------------------------------------------------------------------------------

    def _interface(self, interface: linked.Interface) -> Json:
        made = self._container(interface, "interface")
        made["inherits"] = interface.parent.name if interface.parent else None
        made["includes"] = list(interface.mixins)
        namespace = interface.attribute("LegacyNamespace")
        made["namespace"] = namespace.value if namespace else None
        made["exposed"] = interface.attribute("LegacyNoInterfaceObject") is None
        made["aliases"] = linked.aliases(interface)
        made["factories"] = [self._factory(interface, one) for one in linked.factories(interface)]
        one = self.classes[interface.name]
        made["disposable"] = is_disposable(interface)
        made["c"] = {
            "type": one.native,
            "class": one.c,
            "finalize": one.release,
            "external_memory": one.external_memory or None,
        }
        return made

    def _factory(self, interface: linked.Interface, factory: syntax.ExtendedAttribute) -> Json:
        hooks = [
            _hook(use)
            for (container, member), uses in self.uses.items()
            if container == interface.name and isinstance(member, syntax.Constructor) and member.name == factory.value
            for use in uses
        ]
        return {
            "name": factory.value,
            "length": required_count(factory.arguments),
            "arguments": [self._converted(argument) for argument in factory.arguments],
            "hooks": hooks,
        }

    def _container(self, definition: Any, kind: str) -> Json:
        """What has members that scripts see: an interface, a mixin, a namespace or the global object."""
        lengths = {
            member: min(required_count(overload.arguments) for overload in group)
            for group in overload_groups(definition.members)
            for member in group
        }
        members = [self._member(definition.name, member, lengths) for member in definition.members]
        return {**_about(kind, definition), "members": members}

    def _mixin(self, mixin: linked.Mixin) -> Json:
        return {**_about("mixin", mixin), "members": [member.name for member in mixin.members]}

    def _namespace(self, namespace: linked.Namespace) -> Json:
        return self._container(namespace, "namespace")

    def _callback_interface(self, definition: syntax.CallbackInterface) -> Json:
        return self._container(definition, "callback interface")

    def _dictionary(self, dictionary: linked.Dictionary) -> Json:
        members = [
            {
                "name": member.name,
                "type": type_text(member.type),
                "conversion": conversion(self.program, member.type),
                "required": member.required,
                "default": _literal(member.default),
                "doc": member.doc,
            }
            for member in dictionary.members
        ]
        inherits = dictionary.parent.name if dictionary.parent else None
        return {**_about("dictionary", dictionary), "inherits": inherits, "members": members}

    def _enum(self, enum: syntax.Enum) -> Json:
        return {**_about("enum", enum), "values": [value.name for value in enum.values]}

    def _callback(self, callback: syntax.CallbackFunction) -> Json:
        arguments = [_argument(argument) for argument in callback.arguments]
        return {**_about("callback", callback), "arguments": arguments, "result": type_text(callback.type)}

    def _typedef(self, typedef: syntax.Typedef) -> Json:
        return {**_about("typedef", typedef), "type": type_text(typedef.type)}

    # -- members ----------------------------------------------------------------------------------------------

    def _member(self, container: str, member: syntax.Member, lengths: Dict[Any, int]) -> Json:
        made = _about(_MEMBERS[type(member)], member)
        if isinstance(member, (syntax.Operation, syntax.Attribute)):
            made["static"] = member.static
            made["special"] = "" if member.static else member.special
        if isinstance(member, syntax.Operation):
            made["symbol"] = symbol_of(self.program, [member]) or None
        if isinstance(member, syntax.Attribute):
            made["readonly"] = member.readonly
        if isinstance(member, syntax.Constant):
            made["value"] = _literal(member.value)
        if member in lengths:
            made["length"] = lengths[member]
        made["throws"] = member.attribute("Throws") is not None
        made["blocking"] = member.attribute("Blocking") is not None
        capability = self.program.member_attribute(member, "Capability")
        made["capability"] = capability.value if capability else None
        if isinstance(member, (syntax.Operation, syntax.Constructor, syntax.AsyncIterable)):
            made["arguments"] = [self._converted(argument) for argument in member.arguments]
        made["types"] = [type_text(type) for type in syntax.types_of(member)]
        made["hooks"] = [_hook(use) for use in self.uses.get((container, member), [])]
        return made

    def _converted(self, argument: syntax.Argument) -> Json:
        return {**_argument(argument), "conversion": argument_conversion(self.program, argument)}


def _argument(argument: syntax.Argument) -> Json:
    return {
        "name": argument.name,
        "type": type_text(argument.type),
        "optional": argument.optional,
        "variadic": argument.variadic,
        "default": _literal(argument.default),
    }


def _about(kind: str, declaration: Any) -> Json:
    """What every definition and every member has."""
    made = {"kind": kind, "name": declaration.name, "doc": declaration.doc}
    if isinstance(declaration, syntax.Member):
        made["idl"] = one_line(declaration.span.text)
    else:
        capability = declaration.attribute("Capability")
        made["capability"] = capability.value if capability else None
    return made


def _hook(use: HookUse) -> Json:
    prototype = " ".join(line.strip() for line in use.prototype).rstrip(";")
    return {
        "role": use.role,
        "function": use.hook,
        "prototype": prototype,
        "parameters": list(use.parameters),
        "result": use.result,
    }


def _literal(literal: Any) -> Any:
    """A value of the IDL as it is written there; None for none."""
    return literal.span.text if literal else None


_KINDS: Dict[Type[Any], Callable[[_Model, Any], Json]] = {
    linked.Interface: _Model._interface,
    linked.Mixin: _Model._mixin,
    linked.Namespace: _Model._namespace,
    linked.Dictionary: _Model._dictionary,
    syntax.CallbackInterface: _Model._callback_interface,
    syntax.CallbackFunction: _Model._callback,
    syntax.Enum: _Model._enum,
    syntax.Typedef: _Model._typedef,
}
_MEMBERS: Dict[Type[Any], str] = {
    syntax.Constant: "constant",
    syntax.Attribute: "attribute",
    syntax.Operation: "operation",
    syntax.Constructor: "constructor",
    syntax.Iterable: "iterable",
    syntax.AsyncIterable: "async_iterable",
    syntax.Maplike: "maplike",
    syntax.Setlike: "setlike",
}
