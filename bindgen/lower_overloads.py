"""Lowers overloads: a hook for each, and one native function that finds out which is called, as the standard does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Sequence, Set, Tuple

import syntax
from check_overloads import OPTIONAL, Callable as Overloaded
from check_overloads import Overload, distinguishing_index, effective_overload_set
from hook_builder import Builder, Container, Lowering, required_count
from layout import comment, one_line
from lower_types import Types
from lower_union import NUMERIC, STRING
from model import Function
from names import Name

# The order in which the standard's "overload resolution algorithm" looks at an object, and then at what is none.
_OBJECTS = ("interface", "buffer", "callback", "async sequence", "sequence", "dictionary", "record", "callback interface", "object")
_PRIMITIVES = ("boolean", NUMERIC, "bigint", "symbol")
_OTHERWISE = (STRING, NUMERIC, "boolean", "bigint", "any")


@dataclass(eq=False)
class _Entry:
    """One overload: `prefix` is how many arguments are converted before it is called."""

    member: Overloaded
    name: str
    suffix: str
    glue: str
    prefix: int = 0
    # The arguments whose @@iterator the resolution may have got, or whose @@asyncIterator.
    iterated: Dict[int, bool] = field(default_factory=dict)
    builder: Optional[Builder] = None

    @property
    def hook(self) -> str:
        return self.name + self.suffix


@dataclass(frozen=True)
class _Choice:
    """A test of the distinguishing argument: `test` is "" for every value that is left."""

    entry: _Entry
    test: str
    # The call that finds the method of iteration, or "".
    iterates: str = ""


def overload_suffix(types: Types, member: Overloaded) -> str:
    """What tells the hooks of the overloads apart: the types of the arguments."""
    nouns = []
    for argument in member.arguments:
        noun = Name(types.row(argument.type).noun).snake
        nouns.append(f"{noun}_list" if argument.variadic else noun)
    return "__" + "_".join(nouns) if nouns else ""


class Overloads:
    """The overloads of one operation, or of a constructor."""

    def __init__(
        self,
        lowering: Lowering,
        container: Container,
        members: Sequence[Overloaded],
        name: str,
        is_static: bool,
        build: Callable[[Builder, Overloaded], object],
    ) -> None:
        self.lowering = lowering
        self.container = container
        self.members = members
        self.name = name
        self.is_static = is_static
        self.build = build
        # The native function that JavaScript calls.
        self.glue = lowering.claims.native(name)
        self.entries = {member: self._entry(member, name) for member in members}
        self.most = max(len(member.arguments) for member in members)
        self.is_variadic = any(member.arguments and member.arguments[-1].variadic for member in members)

    def _entry(self, member: Overloaded, name: str) -> _Entry:
        suffix = overload_suffix(self.lowering.types, member)
        # The hook without arguments has no name of its own for its native function.
        return _Entry(member, name, suffix, self.lowering.claims.native(name + (suffix or "__none")))

    # -----------------------------------------------------------------------
    # What can be called with how many arguments

    def _sets(self) -> List[List[Overload]]:
        """For each number of arguments given, up to where more make no difference, what may be meant."""
        sets = []
        for given in range(self.most + 1 + self.is_variadic):
            overloads = effective_overload_set(self.members, given)
            count = min(given, max(len(overload.types) for overload in overloads))
            sets.append([overload for overload in overloads if len(overload.types) == count])
        return sets

    def lower(self) -> None:
        sets = self._sets()
        for candidates in sets:
            self._learn(candidates)
        for entry in self.entries.values():
            self._build(entry)
        blocks = [self._block(candidates) for candidates in sets]
        required = min(required_count(member.arguments) for member in self.members)
        receiver = self.container.this if not self.is_static else ""
        lines = []
        if any(entry.builder is not None and entry.builder.given_frame for entry in self.entries.values()):
            lines += ["CLEAT_FRAME(memory);", "CleatFrame* frame = &memory;"]
        if len(set(blocks[required:])) > 1:
            lines.append("int count = cleat_arg_count(call);")
        self.container.functions.append(
            Function(
                comment=comment(*(one_line(member.span.text) for member in self.members)),
                glue=self.glue,
                parameters="",
                receiver=f"{receiver}*" if receiver else "",
                receiver_class=self.container.descriptor,
                asks_first=not (receiver or required or isinstance(self.members[0], syntax.Constructor)),
                lenient=False,
                required=required,
                frame=False,
                arguments=(*lines, *_by_count(blocks, required)),
                env="",
                promise=False,
                call=(),
                job=None,
                fast=None,
            )
        )

    def _learn(self, candidates: Sequence[Overload]) -> None:
        index = self._index(candidates)
        for overload in candidates if index is not None else ():
            assert index is not None
            entry = self.entries[overload.callable]
            entry.prefix = max(entry.prefix, index)
            for kind in {"sequence", "async sequence"} & self._kinds(overload, index):
                entry.iterated[index] = kind != "sequence"

    def _index(self, candidates: Sequence[Overload]) -> Optional[int]:
        return distinguishing_index(self.lowering.program, candidates) if len(candidates) > 1 else None

    def _build(self, entry: _Entry) -> None:
        member = entry.member
        assert isinstance(member, (syntax.Operation, syntax.Constructor))
        builder = entry.builder = Builder(self.lowering, self.container, member, entry.hook, self.is_static)
        builder.become_overload(entry.glue, entry.prefix, entry.iterated)
        self.build(builder, member)
        builder.finish(one_line(member.span.text), member.doc)

    # -----------------------------------------------------------------------
    # The resolution

    def _block(self, candidates: Sequence[Overload]) -> Tuple[str, ...]:
        """The statements for one number of arguments: each way through them ends the function."""
        if not candidates:
            return ("cleat_throw_overload(call);", "return;")
        index = self._index(candidates)
        if index is None:
            entry = self.entries[candidates[0].callable]
            return tuple(self._call(entry, [], 0, None))
        first = self.entries[candidates[0].callable]
        lines, texts = self._converted(first, 0, index, None)
        lines.append(f"CleatInput input = cleat_arg(call, {index}, NULL);")
        choices = self._choices(candidates, index)
        if any(choice.iterates for choice in choices):
            lines.append("CleatInput found;")
        for choice in choices:
            lines += self._choice(choice, texts, index)
        if choices[-1].test or choices[-1].iterates:
            text = "is of no type that an overload takes"
            lines += [f'cleat_input_throw(&input, CLEAT_THROW_TYPE_ERROR, "{text}");', "return;"]
        return tuple(lines)

    def _choice(self, choice: _Choice, texts: List[str], index: int) -> List[str]:
        call = self._call(choice.entry, texts, index, "found.method" if choice.iterates else None)
        if choice.iterates:
            lines = [f"if (!{choice.iterates}) return;", "if (found.method != NULL) {"]
            return [*lines, *_indented(call), "}"]
        return [f"if ({choice.test}) {{", *_indented(call), "}"] if choice.test else call

    def _converted(self, entry: _Entry, start: int, end: int, iterated: Optional[int]) -> Tuple[List[str], List[str]]:
        """The statements that convert some arguments of an overload, and what it is given of them.

        The method of the argument `iterated`, if there is one, has been found.
        """
        assert entry.builder is not None
        lines: List[str] = []
        texts: List[str] = []
        for index, part in enumerate(entry.builder.parts[start:end], start):
            if index == iterated:
                lines += part.iterating("found.method", "found.async" * entry.iterated[index])
            else:
                lines += part.lines
            texts.append("&" * part.moves + part.text)
        return lines, texts

    def _call(self, entry: _Entry, texts: List[str], index: int, method: Optional[str]) -> List[str]:
        builder = entry.builder
        assert builder is not None
        iterated = index if method else None
        lines, more = self._converted(entry, len(texts), entry.prefix, iterated)
        passed = ["call"] + ["self"] * bool(builder.receiver) + ["frame"] * builder.takes_frame + texts + more
        for at, is_async in builder.own_iterated:
            known = method if at == iterated else None
            passed += [known or "NULL"] + ["found.async" if known else "false"] * is_async
        return [*lines, f"{entry.glue}({', '.join(passed)});", "return;"]

    def _choices(self, candidates: Sequence[Overload], index: int) -> List[_Choice]:
        """The tests, in the order of the standard; each value goes to the first that it passes."""
        found: List[_Choice] = []
        program = self.lowering.program
        entries = [(self.entries[one.callable], one) for one in candidates]
        for entry, one in entries:
            if one.optionality[index] == OPTIONAL:
                found.append(_Choice(entry, "cleat_input_is_undefined(&input)"))
                break
        for entry, one in entries:
            if program.includes_nullable(one.types[index]) or "dictionary" in self._kinds(one, index):
                found.append(_Choice(entry, "cleat_input_is_null(&input)"))
                break
        for kind in (*_OBJECTS, *_PRIMITIVES):
            found += self._tests(entries, index, kind)
        for kind in _OTHERWISE:
            taking = [entry for entry, one in entries if kind in self._kinds(one, index)]
            if taking:
                found.append(_Choice(taking[0], ""))
                break
        return _united(found)

    def _tests(self, entries: Sequence[Tuple[_Entry, Overload]], index: int, kind: str) -> List[_Choice]:
        unions = self.lowering.types.unions
        found = []
        for entry, one in entries:
            for type in unions.flat(one.types[index]):
                if unions.kind(type) != kind:
                    continue
                if kind == "sequence":
                    found.append(_Choice(entry, "", "cleat_input_find_iterator(&input, &found)"))
                elif kind == "async sequence":
                    strings = any(STRING in self._kinds(other, index) for _, other in entries)
                    call = f"cleat_input_find_async_iterator(&input, {str(strings).lower()}, &found)"
                    found.append(_Choice(entry, "", call))
                elif kind in ("dictionary", "record", "callback interface"):
                    found.append(_Choice(entry, "cleat_input_is_object(&input)"))
                else:
                    found.append(_Choice(entry, unions.test(kind, type, "&input")))
        return found

    def _kinds(self, overload: Overload, index: int) -> Set[str]:
        unions = self.lowering.types.unions
        return {unions.kind(type) for type in unions.flat(overload.types[index])}


def _united(choices: Sequence[_Choice]) -> List[_Choice]:
    """The choices, with those of one overload that follow one another as one."""
    found: List[_Choice] = []
    for choice in choices:
        last = found[-1] if found else None
        if last and last.entry is choice.entry and last.test and not choice.iterates:
            found.pop()
            choice = _Choice(choice.entry, f"{last.test} || {choice.test}" if choice.test else "")
        found.append(choice)
    return found


def _indented(lines: Sequence[str]) -> List[str]:
    return ["  " + line for line in lines]


def _by_count(blocks: Sequence[Tuple[str, ...]], required: int) -> List[str]:
    """The blocks, each for the numbers of arguments that it is for; too few have been refused already."""
    groups: List[Tuple[int, int, Tuple[str, ...]]] = []
    for count in range(required, len(blocks)):
        if groups and groups[-1][2] == blocks[count]:
            groups[-1] = (groups[-1][0], count, blocks[count])
        else:
            groups.append((count, count, blocks[count]))
    lines: List[str] = []
    for first, last, block in groups[:-1]:
        # Smaller numbers have left already.
        test = f"count == {last}" if first == last else f"count <= {last}"
        lines += [f"if ({test}) {{", *_indented(block), "}"]
    block = groups[-1][2]
    return lines + list(block[:-1] if block[-1] == "return;" else block)
