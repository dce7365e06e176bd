"""The changes of the JavaScript API between two versions of the IDL, and which of them break scripts.

What scripts cannot see is no change: the names of typedefs, mixins and arguments, the order of anything, and which
partial, mixin or ancestor a member stands in. A definition is compared with what the other version has under its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Type, Union

import program as linked
import syntax
from api_changes import (
    BREAKING,
    COMPATIBLE,
    MAY_BREAK,
    Change,
    Signature,
    both_ways,
    breaking,
    compatible,
    given,
    may_break,
    signature,
    taken,
    worst,
)
from api_members import (
    DEFINITIONS,
    STRINGIFIER,
    Group,
    all_members,
    article,
    capability,
    disposal,
    default_text,
    entries_text,
    groups,
    inherited_groups,
    is_writable,
    overload_text,
    signature_of,
    told,
    value_of,
    visibility,
    word,
)
from directions import BOTH, IN, OUT, directions
from disposal import symbol_of
from program import Program
from source import Span
from type_relation import Typed

_Place = Optional[Span]
_Located = Union[syntax.Declaration, linked.Linked]


@dataclass(frozen=True)
class Finding:
    """One change with its places in the two versions; None where it has none."""

    severity: str
    subject: str
    what: str
    old: _Place
    new: _Place

    def __str__(self) -> str:
        places = ", ".join(str(place) for place in (self.old, self.new) if place)
        return f"{self.severity}: {self.subject}: {self.what} ({places})"


def api_diff(old: Program, new: Program) -> List[Finding]:
    """Every change, in the order of the old version, what is new last."""
    return list(_Diff(old, new).findings())


def render(findings: Sequence[Finding]) -> str:
    """The text that a user reads: a line for each change, and how many there are of each severity."""
    counts = ", ".join(
        f"{sum(finding.severity == severity for finding in findings)} {severity}"
        for severity in (BREAKING, MAY_BREAK, COMPATIBLE)
    )
    return "".join(f"{finding}\n" for finding in findings) + f"{counts}\n"


def breaks(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == BREAKING for finding in findings)


def _is_absent(definition: linked.Named, program: Program) -> bool:
    """Whether a program has a definition of that name, which is not exposed."""
    return any(one.definition.name == definition.name and one.member is None for one in program.absent)


class _Diff:
    def __init__(self, old: Program, new: Program) -> None:
        self.old = old
        self.new = new
        self.directions = directions(old, new)

    def findings(self) -> Iterator[Finding]:
        for name, definition in self._shown(self.old).items():
            other = self.new.definitions.get(name)
            if other is None:
                yield _found(self._removed(definition), name, definition, None)
            elif type(other) is not type(definition):
                was, is_now = (article(DEFINITIONS[type(d)]) for d in (definition, other))
                yield _found(breaking(f"was {was}, is {is_now} now"), name, definition, other)
            else:
                yield from _COMPARE[type(definition)](self, definition, other)
        for name, definition in self._shown(self.new).items():
            if name not in self.old.definitions:
                yield _found(self._added(definition), name, None, definition)

    def _shown(self, program: Program) -> Dict[str, linked.Named]:
        """The definitions of which something reaches scripts by itself; typedefs and mixins reach them in others."""
        return {
            name: definition
            for name, definition in program.definitions.items()
            if not isinstance(definition, (linked.Mixin, syntax.Typedef))
            and (name == linked.GLOBAL_SCOPE or not linked.from_prelude(definition))
        }

    def _removed(self, definition: linked.Named) -> Change:
        if _is_absent(definition, self.new):
            return breaking("is not exposed any more")
        what = f"{DEFINITIONS[type(definition)]} was removed"
        if isinstance(definition, (linked.Interface, linked.Namespace)):
            return breaking(what)
        # Scripts never saw the name; declarations for TypeScript have it.
        return may_break(what)

    def _added(self, definition: linked.Named) -> Change:
        if _is_absent(definition, self.old):
            return compatible("is exposed now")
        return compatible(f"{DEFINITIONS[type(definition)]} was added")

    # -- interfaces and namespaces -----------------------------------------------------------------------------

    def _interface(self, old: linked.Interface, new: linked.Interface) -> Iterator[Finding]:
        yield from self._about(old, new)
        if old.parent and old.parent.name not in [ancestor.name for ancestor in new.ancestors()]:
            yield _found(breaking(f"no longer inherits from {old.parent.name}"), old.name, old, new)
        elif new.parent and (not old.parent or old.parent.name != new.parent.name):
            yield _found(compatible(f"inherits from {new.parent.name} now"), old.name, old, new)
        yield from self._factories(old, new)
        yield from self._members(old, new, inherited_groups(old), inherited_groups(new))

    def _factories(self, old: linked.Interface, new: linked.Interface) -> Iterator[Finding]:
        before, after = ({one.value: one for one in linked.factories(version)} for version in (old, new))
        for name, factory in before.items():
            if name not in after:
                yield Finding(BREAKING, old.name, f"constructor {name} was removed", factory.span, new.name_span)
                continue
            signatures = (Signature(f.arguments, None, p) for f, p in ((factory, self.old), (after[name], self.new)))
            for change in signature(*signatures):
                yield Finding(change.severity, name, change.what, factory.span, after[name].span)
        for name, factory in after.items():
            if name not in before:
                yield Finding(COMPATIBLE, new.name, f"constructor {name} was added", old.name_span, factory.span)

    def _namespace(self, old: linked.Namespace, new: linked.Namespace) -> Iterator[Finding]:
        yield from self._about(old, new)
        yield from self._members(old, new, {}, {})

    def _about(self, old: Any, new: Any) -> Iterator[Finding]:
        """Changes of where and under what name a definition is found."""
        for change in visibility(old, new):
            yield _found(change, old.name, old, new)

    def _members(
        self, old: Any, new: Any, old_inherited: Dict[str, Group], new_inherited: Dict[str, Group]
    ) -> Iterator[Finding]:
        old_own, new_own = groups(old.members), groups(new.members)
        for key, group in old_own.items():
            other = new_own.get(key) or new_inherited.get(key)
            if other is None:
                yield _found(breaking(f"{word(group)} was removed"), _subject(old.name, key), group[0], None)
            elif key != STRINGIFIER:
                yield from self._group(old, new, _subject(old.name, key), group, other)
        for key, group in new_own.items():
            before = old_inherited.get(key)
            if key in old_own:
                continue
            if before is None:
                what = compatible(f"{word(group)} was added")
                yield _found(what, _subject(new.name, key), None, group[0])
            else:
                yield from self._group(old, new, _subject(new.name, key), before, group)

    def _group(self, old: Any, new: Any, subject: str, before: Group, after: Group) -> Iterator[Finding]:
        one, other = before[0], after[0]
        if word(before) != word(after):
            change = breaking(f"was {article(word(before))}, is {article(word(after))} now")
            yield _found(change, subject, one, other)
            return
        capabilities = self._member_capability(self.old, one), self._member_capability(self.new, other)
        if capabilities != (value_of(old, "Capability"), value_of(new, "Capability")):
            for change in capability(*capabilities):
                yield _found(change, subject, one, other)
        if isinstance(one, (syntax.Operation, syntax.Constructor)):
            for change in disposal(symbol_of(self.old, before), symbol_of(self.new, after)):
                yield _found(change, subject, one, other)
            yield from self._overloads(subject, before, after)
            for change in told(one, other):
                yield _found(change, subject, one, other)
        else:
            for change in _MEMBERS[type(one)](self, one, other):
                yield _found(change, subject, one, other)

    def _member_capability(self, program: Program, member: syntax.Member) -> str:
        attribute = program.member_attribute(member, "Capability")
        return attribute.value if attribute else ""

    # -- operations -------------------------------------------------------------------------------------------

    def _overloads(self, subject: str, before: Group, after: Group) -> Iterator[Finding]:
        """Each old overload is compared with the new one that is most like it."""
        rest = list(after)
        for one in before:
            if not rest:
                if not any(worst(self._call(one, other)) == 0 for other in after):
                    yield _found(breaking(f"overload {overload_text(one)} was removed"), subject, one, None)
                continue
            nearest = min(rest, key=lambda other: self._distance(one, other))
            rest.remove(nearest)
            for change in self._call(one, nearest):
                yield _found(change, subject, one, nearest)
        for other in rest:
            yield _found(compatible(f"overload {overload_text(other)} was added"), subject, None, other)

    def _distance(self, one: syntax.Member, other: syntax.Member) -> Tuple[int, int]:
        changes = self._call(one, other)
        return worst(changes), len(changes)

    def _call(self, one: syntax.Declaration, other: syntax.Declaration, by_scripts: bool = True) -> List[Change]:
        return signature(signature_of(self.old, one, by_scripts), signature_of(self.new, other, by_scripts))

    # -- other members ----------------------------------------------------------------------------------------

    def _attribute(self, old: syntax.Attribute, new: syntax.Attribute) -> Iterator[Change]:
        before, after = is_writable(old), is_writable(new)
        yield from _readonly(not before, not after)
        yield from told(old, new)
        relation = both_ways if before and after else taken
        yield from relation(Typed(self.old, old.type), Typed(self.new, new.type), "its type")

    def _constant(self, old: syntax.Constant, new: syntax.Constant) -> Iterator[Change]:
        if old.value.value != new.value.value:
            yield breaking(f"its value changed from {old.value.span.text} to {new.value.span.text}")

    def _iteration(self, old: syntax.Member, new: syntax.Member) -> Iterator[Change]:
        yield from _readonly(getattr(old, "readonly", False), getattr(new, "readonly", False))
        before, after = syntax.types_of(old), syntax.types_of(new)
        if len(before) != len(after):
            yield breaking(f"iterates over {entries_text(after)}, not {entries_text(before)}")
            return
        is_written = isinstance(old, (syntax.Maplike, syntax.Setlike)) and not getattr(old, "readonly", False)
        relation = both_ways if is_written else taken
        for name, one, other in zip(("its key", "its value")[-len(before) :], before, after):
            yield from relation(Typed(self.old, one), Typed(self.new, other), name)
        if isinstance(old, syntax.AsyncIterable) and isinstance(new, syntax.AsyncIterable):
            yield from self._call(old, new)
            yield from _return_method(old, new)

    # -- dictionaries and enumerations ------------------------------------------------------------------------

    def _direction(self, name: str) -> str:
        """Whether scripts give values of a dictionary or an enumeration (IN), get them (OUT), or both."""
        return self.directions.get(name, BOTH)

    def _dictionary(self, old: linked.Dictionary, new: linked.Dictionary) -> Iterator[Finding]:
        direction = self._direction(old.name)
        before, after = all_members(old), all_members(new)
        for one in old.members:
            subject, other = _subject(old.name, one.name), after.get(one.name)
            if other is None:
                yield _found(breaking("member was removed"), subject, one, None)
            else:
                for change in self._dictionary_member(one, other, direction):
                    yield _found(change, subject, one, other)
        for added in new.members:
            if added.name not in before:
                is_demanded = added.required and direction != OUT
                change = breaking("required member was added") if is_demanded else compatible("member was added")
                yield _found(change, _subject(new.name, added.name), None, added)

    def _dictionary_member(
        self, old: syntax.DictionaryMember, new: syntax.DictionaryMember, direction: str
    ) -> Iterator[Change]:
        if new.required and not old.required:
            yield compatible("is always there now") if direction == OUT else breaking("became required")
        elif old.required and not new.required:
            may_lack = direction != IN and not new.default
            yield breaking("may be absent now") if may_lack else compatible("became optional")
        elif direction != OUT and default_text(old) != default_text(new):
            yield may_break(f"defaults to {default_text(new)}, not {default_text(old)}")
        relation = {IN: given, OUT: taken, BOTH: both_ways}[direction]
        yield from relation(Typed(self.old, old.type), Typed(self.new, new.type), "its type")

    def _enum(self, old: syntax.Enum, new: syntax.Enum) -> Iterator[Finding]:
        direction = self._direction(old.name)
        before = {value.name: value for value in old.values}
        after = {value.name: value for value in new.values}
        for name in before:
            if name not in after:
                # A script that only gets values does not miss one.
                change = compatible if direction == OUT else breaking
                yield _found(change(f'value "{name}" was removed'), old.name, before[name], None)
        for name in after:
            if name not in before:
                # A script that gets values may meet one it does not know.
                change = compatible if direction == IN else may_break
                yield _found(change(f'value "{name}" was added'), new.name, None, after[name])

    # -- callbacks --------------------------------------------------------------------------------------------

    def _callback(self, old: syntax.CallbackFunction, new: syntax.CallbackFunction) -> Iterator[Finding]:
        before, after = (one.attribute("LegacyTreatNonObjectAsNull") is not None for one in (old, new))
        if before != after:
            change = compatible("takes any value now") if after else breaking("takes functions only now")
            yield _found(change, old.name, old, new)
        for change in self._call(old, new, by_scripts=False):
            yield _found(change, old.name, old, new)

    def _callback_interface(
        self, old: syntax.CallbackInterface, new: syntax.CallbackInterface
    ) -> Iterator[Finding]:
        before, after = groups(old.members), groups(new.members)
        for key, group in before.items():
            subject = _subject(old.name, key)
            if key not in after:
                yield _found(breaking(f"{word(group)} was removed"), subject, group[0], None)
            elif isinstance(group[0], syntax.Constant):
                yield from self._group(old, new, subject, group, after[key])
            else:
                for change in self._call(group[0], after[key][0], by_scripts=False):
                    yield _found(change, subject, group[0], after[key][0])
        for key, group in after.items():
            if key not in before:
                # Objects that scripts have made so far lack the operation.
                added = compatible if isinstance(group[0], syntax.Constant) else breaking
                yield _found(added(f"{word(group)} was added"), _subject(new.name, key), None, group[0])


_Compare = Callable[[_Diff, Any, Any], Iterator[Finding]]

_COMPARE: Dict[Type[object], _Compare] = {
    linked.Interface: _Diff._interface,
    linked.Namespace: _Diff._namespace,
    linked.Dictionary: _Diff._dictionary,
    syntax.Enum: _Diff._enum,
    syntax.CallbackFunction: _Diff._callback,
    syntax.CallbackInterface: _Diff._callback_interface,
}

_MEMBERS: Dict[Type[syntax.Member], Callable[[_Diff, Any, Any], Iterator[Change]]] = {
    syntax.Attribute: _Diff._attribute,
    syntax.Constant: _Diff._constant,
    syntax.Iterable: _Diff._iteration,
    syntax.AsyncIterable: _Diff._iteration,
    syntax.Maplike: _Diff._iteration,
    syntax.Setlike: _Diff._iteration,
}


def _return_method(old: syntax.AsyncIterable, new: syntax.AsyncIterable) -> Iterator[Change]:
    before, after = (member.attribute("ReturnMethod") is not None for member in (old, new))
    if before and not after:
        yield breaking("its iterators have no return any more")
    elif after and not before:
        yield compatible("its iterators have return now")


def _readonly(before: bool, after: bool) -> Iterator[Change]:
    if after and not before:
        yield breaking("became readonly")
    elif before and not after:
        yield compatible("is no longer readonly")


def _found(change: Change, subject: str, old: Optional[_Located], new: Optional[_Located]) -> Finding:
    subject = subject.replace(f"{linked.GLOBAL_SCOPE}.", "")
    places = (node.name_span if node else None for node in (old, new))
    return Finding(change.severity, subject, change.what, *places)


def _subject(owner: str, key: str) -> str:
    return f"{owner}.{key}"
