"""--explain: how a member is called, step by step, in the order in which a script can observe it."""

from __future__ import annotations

import fnmatch
from typing import Dict, Iterator, List, Sequence, Tuple, Union

import program as linked
import syntax
from check_overloads import Callable, Overload, distinguishing_index, effective_overload_set, overload_groups
from conversions import argument_conversion, conversion, runs_script
from disposal import symbol_of
from hook_builder import required_count
from idl_text import type_text
from layout import one_line
from model import HookUse, Set
from program import Program

_Container = Union[linked.Interface, linked.Namespace]
# What the glue puts before the arguments of the IDL.
_OWN_PARAMETERS = frozenset(("CleatEnv* env", "CleatThrower* thrower"))
_ROLES = {
    "get": "attribute, get",
    "set": "attribute, set",
    "new": "constructor",
    "call": "operation",
    "put": "observable array, before an element is put",
    "delete": "observable array, before an element is taken away",
    "iterate": "async_iterable, the methods that begin an iteration",
    "next": "async_iterable, next of an iterator",
    "return": "async_iterable, return of an iterator",
}
# What members that have no name are called.
_WITHOUT_NAME: Dict[type, str] = {syntax.Maplike: "maplike", syntax.Setlike: "setlike", syntax.Iterable: "iterable"}
# What becomes of each step of an asynchronous iteration.
_ITERATION = {
    "iterate": "the result: an iterator around that, or an Error if that gives NULL",
    "next": "the result: a promise of { value, done }",
    "return": "the result: a promise of { value, done: true }, with the value that was given",
}


def explain(program: Program, model: Set, pattern: str) -> str:
    """The text about the members whose names, such as "Foo.bar", match a pattern as file names do; "" for none."""
    return "\n".join(text for name, text in _Explanations(program, model).all() if fnmatch.fnmatchcase(name, pattern))


class _Explanations:
    def __init__(self, program: Program, model: Set) -> None:
        self.program = program
        self.uses: Dict[Tuple[str, syntax.Member], List[HookUse]] = {}
        for use in model.uses:
            self.uses.setdefault((use.container, use.member), []).append(use)
        self.fast = dict(model.explanations)
        self.classes = {one.name[1:-1]: one for one in model.classes}
        self.pairs = {one.name[1:-1]: one.pairs.hook for one in model.classes if one.pairs}
        if model.scope and model.scope.pairs:
            self.pairs[program.global_scope.name] = model.scope.pairs.hook

    def all(self) -> Iterator[Tuple[str, str]]:
        """Every member, by its name, in the order of the IDL."""
        for definition in dict.fromkeys((self.program.global_scope, *self.program.definitions.values())):
            if isinstance(definition, (linked.Interface, linked.Namespace)):
                yield from self._members(definition)
            elif isinstance(definition, syntax.CallbackInterface) and not linked.is_elsewhere(definition):
                constants = (member for member in definition.members if isinstance(member, syntax.Constant))
                yield from (self._without_hooks(definition.name, f"{definition.name}.{one.name}", one) for one in constants)

    def _members(self, definition: _Container) -> Iterator[Tuple[str, str]]:
        groups: Dict[object, List[Callable]] = {member: group for group in overload_groups(definition.members) for member in group}
        prefix = "" if definition is self.program.global_scope else f"{definition.name}."
        for member in definition.members:
            if (definition.name, member) not in self.uses and not linked.is_elsewhere(member):
                name = prefix + (member.name or _WITHOUT_NAME.get(type(member), ""))
                yield self._without_hooks(definition.name, name, member)
            for use in self.uses.get((definition.name, member), []):
                name = prefix + (member.name or ("constructor" if use.role == "new" else use.role))
                group = groups.get(member, [])
                yield name, self._text(name, definition, use, group)

    def _without_hooks(self, container: str, name: str, member: syntax.Member) -> Tuple[str, str]:
        """What the runtime does alone, or mostly."""
        if isinstance(member, syntax.Constant):
            kind, how = "constant", f"a property that is always {member.value.span.text}"
        elif isinstance(member, syntax.Attribute):
            kind, how = "attribute", "it keeps the handler among the listeners of the object"
        elif isinstance(member, (syntax.Maplike, syntax.Setlike)):
            kind, how = "collection", "it keeps the entries, which functions of the glue change for C"
        elif isinstance(member, syntax.Iterable) and member.key is None:
            kind, how = "iterable", "the methods are those of Array"
        elif isinstance(member, syntax.Iterable):
            kind, how = "iterable", f"each step of its methods calls {self.pairs[container]}"
        else:
            kind, how = "operation", "it collects what the attributes give"
        lines = (f"{name} ({kind})", f"    {one_line(member.span.text)}", f"    carried out by the runtime: {how}")
        return name, "".join(f"{line}\n" for line in lines)

    def _text(self, name: str, definition: _Container, use: HookUse, group: Sequence[Callable]) -> str:
        lines = [f"{name} ({self._kind(use)})", f"    {one_line(use.member.span.text)}"]
        lines += [f"    {line}" for line in use.prototype]
        lines += [f"    {number}. {step}" for number, step in enumerate(self._steps(definition, use, group), 1)]
        lines.append(f"    runs JavaScript: {self._scripts(use)}")
        symbol = symbol_of(self.program, group if group else (use.member,))
        lines += [f"    the same function as [{symbol}]"] if symbol else []
        if use.role == "call":
            fast = self.fast.get(name)
            lines += [f"    {fast}"] if fast else []
        return "".join(f"{line}\n" for line in lines)

    def _kind(self, use: HookUse) -> str:
        static = getattr(use.member, "static", False)
        return f"{'static ' if static else ''}{_ROLES[use.role]}"

    # -- the steps --------------------------------------------------------------------------------------------

    def _steps(self, definition: _Container, use: HookUse, group: Sequence[Callable]) -> Iterator[str]:
        member = use.member
        if use.role in ("next", "return"):
            yield f"`this`: a rejection with a TypeError unless it is an iterator over a {definition.name}"
            yield "waits until the promises of the calls before have settled"
            yield "nothing more to do if the iteration is at its end"
            yield self._call(use)
            yield _ITERATION[use.role]
            return
        parameters = [one for one in use.parameters if one not in _OWN_PARAMETERS]
        if parameters and parameters[0].endswith("* self") and use.role != "new":
            parameters = parameters[1:]
            yield f"`this`: a TypeError unless it is of {definition.name}"
        elif use.role == "new":
            yield "a TypeError without `new`"
        arguments = syntax.arguments_of(member)
        if isinstance(member, (syntax.Operation, syntax.Constructor)):
            yield from self._counts(group, member)
        types = (parameter[: -len(parameter.split()[-1])].strip() for parameter in parameters)
        for argument, c_type in zip(arguments, types):
            c_type += f" and {next(types)}" if argument.attribute("CArray") else ""
            yield f"{argument.name}, {c_type}: {argument_conversion(self.program, argument)}"
        if use.role == "set" and isinstance(member, syntax.Attribute):
            yield f"the value: {self._assigned(member)}"
        if use.role in ("put", "delete"):
            assert isinstance(member, syntax.Attribute)
            yield f"the element: {conversion(self.program, self._element(member))}"
        if use.role == "get" and self._is_kept(member):
            yield "nothing more to do where what it gave is kept"
        yield self._call(use)
        yield from self._result(use)

    def _counts(self, group: Sequence[Callable], member: syntax.Member) -> Iterator[str]:
        least = min((required_count(one.arguments) for one in group), default=0)
        if least:
            yield f"a TypeError unless there {'are' if least > 1 else 'is'} {least} argument{'s' if least > 1 else ''}"
        if len(group) > 1:
            yield f"overloads: {'; '.join(self._entries(group, member))}"

    def _entries(self, callables: Sequence[Callable], member: syntax.Member) -> Iterator[str]:
        """At which numbers of arguments this overload is called, and how it is told from the others."""
        overloads = effective_overload_set(callables)
        for count in sorted({len(one.types) for one in overloads if one.callable is member}):
            rivals = [one for one in overloads if len(one.types) == count]
            index = distinguishing_index(self.program, rivals) if len(rivals) > 1 else None
            by = "" if index is None else f" if argument {index + 1} is for {self._type_of(rivals, member, index)}"
            yield f"with {count} this one{by}"

    def _type_of(self, rivals: Sequence[Overload], member: syntax.Member, index: int) -> str:
        return next(type_text(one.types[index]) for one in rivals if one.callable is member)

    def _assigned(self, member: syntax.Attribute) -> str:
        text = conversion(self.program, member.type)
        definition = self.program.denotes(member.type)
        return text.replace("a TypeError unless", "ignored unless") if isinstance(definition, syntax.Enum) else text

    def _call(self, use: HookUse) -> str:
        if use.member.attribute("Blocking"):
            throws = ", and rejects the promise where that throws" if use.member.attribute("Throws") else ""
            return f"calls {use.hook} on a thread of the pool{throws}"
        return f"calls {use.hook}{', which may throw' if use.member.attribute('Throws') else ''}"

    def _result(self, use: HookUse) -> Iterator[str]:
        if use.role == "new":
            yield "an Error if that gives NULL"
            asked = self._external_memory(use.container)
            if asked:
                yield f"calls {asked}: a RangeError if the limit of external memory does not allow that"
        elif use.role == "iterate":
            yield _ITERATION[use.role]
        elif use.role == "get" and self._is_kept(use.member):
            kept = type_text(syntax.types_of(use.member)[0])
            yield f"the result{'' if use.result == 'void' else f', {use.result}'}: {kept}, which is kept"
        elif use.role not in ("set", "put", "delete"):
            for type in syntax.types_of(use.member):
                yield f"the result{'' if use.result == 'void' else f', {use.result}'}: {type_text(type)}"

    def _external_memory(self, container: str) -> str:
        """The function of C that tells how much memory an object of an interface has; "" for none."""
        interface = self.program.interfaces[container]
        levels = [self.classes[one.name] for one in (interface, *interface.ancestors()) if one.name in self.classes]
        return next((one.external_memory for one in levels if one.external_memory), "")

    def _element(self, member: syntax.Attribute) -> syntax.Type:
        type = self.program.resolve(member.type)
        assert isinstance(type, syntax.GenericType)
        return type.element

    def _is_kept(self, member: syntax.Member) -> bool:
        """Whether an attribute gives the same object each time."""
        if not isinstance(member, syntax.Attribute):
            return False
        type = self.program.innermost(member.type)
        kept = isinstance(type, syntax.GenericType) and type.name in ("FrozenArray", "Promise")
        return kept or member.attribute("SameObject") is not None

    # -- what is run ------------------------------------------------------------------------------------------

    def _scripts(self, use: HookUse) -> str:
        arguments = syntax.arguments_of(use.member)
        if use.role in ("next", "return"):
            arguments = ()
        converting = [one.name for one in arguments if runs_script(self.program, one.type)]
        if use.role == "set" and isinstance(use.member, syntax.Attribute) and runs_script(self.program, use.member.type):
            converting = ["the value"]
        if use.role == "put" and isinstance(use.member, syntax.Attribute):
            converting = ["the element"] if runs_script(self.program, self._element(use.member)) else []
        places = [f"in converting {', '.join(converting)}"] if converting else []
        takes_env = use.member.attribute("Throws") or use.member.attribute("CallWith")
        if takes_env and not use.member.attribute("Blocking"):
            places.append(f"in {use.hook}, which is given a CleatEnv")
        return "; ".join(places) or "never"
