"""Lowers unions: the tagged struct, and the order in which the standard tries its member types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, AbstractSet, Dict, List, Optional, Sequence, Tuple

import idl_types
import names
import program as linked
import syntax
from idl_types import CType
from layout import comment, one_line, rows
from model import UnionBranch, UnionMember, UnionType
from names import Name

if TYPE_CHECKING:
    from lower_types import Types

NUMERIC = "numeric"
STRING = "string"


@dataclass(frozen=True)
class _Member:
    """A flattened member type, on its way to C."""

    type: syntax.Type
    row: CType
    kind: str
    tag: str
    field: str


# A union that has a name is called by it where its members would take more than this.
_LONG = 1000


class Unions:
    """The unions of one set."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self._declared: Dict[str, str] = {}
        # The members of each union, by the names of its tags.
        self._members: Dict[str, List[_Member]] = {}

    @property
    def declared(self) -> AbstractSet[str]:
        return self._declared.keys()

    def row(self, union: syntax.UnionType, name: str) -> CType:
        """The row of a union; of one that takes null, the struct around it."""
        row = self.bare_row(union, name)
        return self.types.optional(row) if self.types.program.nullable_members(union) else row

    def bare_row(self, union: syntax.UnionType, name: str) -> CType:
        """The row of a union without its null, declared, with its converters at hand."""
        found = self._flattened(union)
        table = [self.types.result_row(type) for type in found]
        if name:
            c = noun = name
            own = True
        else:
            own = any(row.own for row in table)
            plain = "Or".join(_noun(row) for row in table)
            c = idl_types.type_name(plain, own)
            # What is made of it is told from a union whose last type is made so: sequence<(A or B)>, (A or sequence<B>).
            noun = f"{plain}Union"
        idl = f"({' or '.join(row.idl for row in table)})"
        if name and len(idl) > _LONG:
            # Typedefs that are used twice each would make 2^n of them.
            idl = name
        # Types that are the same in C may be converted in different ways.
        to_stem = Name(noun).snake if name else "_or_".join(row.to_stem for row in table) + "_union"
        from_stem = Name(noun).snake if name else "_or_".join(row.from_stem for row in table) + "_union"
        row = idl_types.union(idl, c, noun, own, to_stem, from_stem, table)
        snake = Name(c).snake
        members = [
            _Member(type, one, self.kind(type), f"{snake.upper()}_{Name(_noun(one)).shouty}", _field(_noun(one)))
            for type, one in zip(found, table)
        ]
        self._declare(union, row, members, snake)
        self._members[row.to_stem] = members
        self._helpers(row, members)
        return row

    def _flattened(self, union: syntax.UnionType) -> List[syntax.Type]:
        """The standard's flattened member types, but that a buffer source stays one."""
        found: List[syntax.Type] = []
        for member in union.members:
            found += self.flat(member)
        return found

    def flat(self, type: syntax.Type) -> List[syntax.Type]:
        """The member types of a union, or any other type itself, without its null."""
        if self.types.buffer_source(type):
            return [type]
        resolved = self.types.program.resolve(type)
        if isinstance(resolved, syntax.NullableType):
            return self.flat(resolved.inner)
        if isinstance(resolved, syntax.UnionType):
            return self._flattened(resolved)
        return [resolved]

    def includes_undefined(self, row: CType) -> bool:
        return any(member.row.c == "void" for member in self._members.get(row.to_stem, ()))

    # -----------------------------------------------------------------------
    # What a value is tried for

    def kind(self, type: syntax.Type) -> str:
        """The step of the standard that a flattened member type belongs to."""
        if self.types.buffer_source(type):
            return "buffer"
        if isinstance(type, syntax.SimpleType):
            if type.name in syntax.NUMERIC_TYPES:
                return NUMERIC
            if type.name in syntax.STRING_TYPES:
                return STRING
            return "buffer" if type.name in syntax.BUFFER_TYPES else type.name
        if isinstance(type, syntax.RecordType):
            return "record"
        if isinstance(type, syntax.GenericType):
            return "async sequence" if type.name == "async_sequence" else "sequence"
        definition = self.types.program.denotes(type)
        if isinstance(definition, linked.Interface):
            return "interface"
        if isinstance(definition, linked.Dictionary):
            return "dictionary"
        if isinstance(definition, syntax.CallbackFunction):
            return "callback"
        return STRING if isinstance(definition, syntax.Enum) else "callback interface"

    def test(self, kind: str, type: syntax.Type, input: str) -> str:
        """An expression for whether a value is of a type of that kind, where that can be told by a look."""
        if kind == "interface":
            definition = self.types.program.denotes(type)
            assert isinstance(definition, linked.Interface)
            return f"cleat_input_is_interface({input}, &{self.types.descriptor_of(definition)})"
        if kind == "buffer":
            return f"cleat_input_is_buffer({input}, {self._buffer_kinds(type)})"
        return f"cleat_input_is_{_TESTS[kind]}({input})"

    def _buffer_kinds(self, type: syntax.Type) -> str:
        named = self.types.program.buffer_union(type)
        if named:
            return idl_types.BUFFER_KINDS[named]
        assert isinstance(type, syntax.SimpleType)
        return idl_types.BUFFER_KINDS[type.name]

    # -----------------------------------------------------------------------
    # Conversions

    def _branches(self, members: Sequence[_Member]) -> Tuple[UnionBranch, ...]:
        """The conversion, in the order of the standard's "converted to an IDL union type"."""
        found: List[UnionBranch] = []

        def add(kind: str, test: str = "", numeric: bool = False) -> None:
            for one in members:
                if one.kind == kind:
                    text = test or self.test(kind, one.type, "input")
                    found.append(self._branch(one, "" if test == "always" else text, numeric))

        add("undefined")  # step 1
        add("dictionary", "cleat_input_is_null(input)")  # 4
        for kind in ("interface", "buffer", "callback"):  # 5 to 10
            add(kind)
        kinds = {one.kind for one in members}
        for one in members:  # 11
            if one.kind == "async sequence":
                found.append(self._branch(one, "true" if STRING in kinds else "false", iterable=True))
        found += [self._branch(one, "", iterable=True) for one in members if one.kind == "sequence"]
        for kind in ("dictionary", "record", "callback interface", "object"):
            add(kind, "cleat_input_is_object(input)")
        for kind in ("boolean", NUMERIC, "bigint", "symbol"):  # 12 to 14
            add(kind)
        if STRING in kinds:  # 15
            add(STRING, "always")
        elif {NUMERIC, "bigint"} <= kinds:  # 16
            found.append(UnionBranch("", "", "", "numeric"))
            add("bigint", "cleat_input_is_bigint(&numeric)", numeric=True)
            add(NUMERIC, "always", numeric=True)
        else:  # 17 to 19
            last = next((kind for kind in (NUMERIC, "boolean", "bigint") if kind in kinds), "")
            add(last, "always")
        return _united(found)

    def _branch(self, one: _Member, test: str, numeric: bool = False, iterable: bool = False) -> UnionBranch:
        form = one.kind if iterable else "test" if test else "always"
        if one.row.c == "void":
            return UnionBranch(test, one.tag, "true", form)
        input = "&numeric" if numeric else "&iterable" if iterable else "input"
        return UnionBranch(test, one.tag, self.types.read(one.row, input=input, out=f"&out->{one.field}"), form)

    def _helpers(self, row: CType, members: List[_Member]) -> None:
        types = self.types
        types.readers[row.to_stem] = lambda: types.helper(
            "to_union", f"js_to_{row.to_stem}", row, branches=self._branches(members), idl=row.idl
        )
        types.writers[row.from_stem] = lambda: types.helper(
            "from_union",
            f"js_from_{row.from_stem}",
            row,
            union=row.c,
            cases=[(one.tag, self._written(one)) for one in members],
        )
        types.keepers[row.from_stem] = lambda: types.helper(
            "copy_union",
            f"js_copy_{row.from_stem}",
            row,
            cases=[(one.tag, types.copy(one.row, "frame", f"&value->{one.field}")) for one in members if one.row.keep],
        )

    def _written(self, one: _Member) -> str:
        return "cleat_undefined(env)" if one.row.c == "void" else self.types.write(one.row, f"value->{one.field}")

    # -----------------------------------------------------------------------
    # The struct

    def _declare(self, union: syntax.UnionType, row: CType, members: List[_Member], snake: str) -> None:
        if row.c in self._declared or self.types.is_declared(row.c):
            return
        self._declared[row.c] = row.idl
        if row.own:
            for name in (row.c, f"{row.c}Tag", *(one.tag for one in members)):
                self.types.claims.claim(name, union.span)
        fields = [(f"{one.row.c} {one.field};", one.row.idl) for one in members if one.row.c != "void"]
        makers = tuple(
            UnionMember(
                name=f"{snake}_{Name(_noun(one.row)).snake}",
                parameter="" if one.row.c == "void" else f"{one.row.c} value",
                tag=one.tag,
                field="" if one.row.c == "void" else one.field,
            )
            for one in members
        )
        self.types.declarations.append(
            UnionType(
                c=row.c,
                comment=comment(one_line(row.idl)),
                tags=rows([(f"{one.tag},", "") for one in members]),
                rows=rows(fields, 4),
                members=makers,
                guard=self.types.guard(row),
            )
        )

    # -----------------------------------------------------------------------
    # Defaults

    def default(self, row: CType, literal: syntax.Literal) -> Optional[str]:
        """The initializer of a union for a default value, or None where no member takes it."""
        wanted = _literal_kinds(literal)
        for kind in wanted:
            for one in self._members[row.to_stem]:
                if one.kind != kind:
                    continue
                if one.row.c == "void":
                    return f"{{.tag = {one.tag}}}"
                value = self.types.default(one.row, one.type, literal)
                if not value:
                    return f"{{.tag = {one.tag}}}"
                return f"{{.tag = {one.tag}, .{one.field} = {value}}}"
        return None


def _noun(row: CType) -> str:
    """What a member is called: objects and symbols, which are the same in C, by their types."""
    return Name(row.idl).pascal if row.noun == "Value" else row.noun


def _field(noun: str) -> str:
    field = names.field(noun)
    return "tag_" if field == "tag" else field


def _united(branches: Sequence[UnionBranch]) -> Tuple[UnionBranch, ...]:
    """The branches, with those that follow one another and do the same as one."""
    found: List[UnionBranch] = []
    for branch in branches:
        last = found[-1] if found else branch
        if found and (last.tag, last.read, last.form) == (branch.tag, branch.read, "test") and not branch.form.endswith("sequence"):
            found.pop()
            if branch.form == "test":
                branch = replace(branch, test=f"{last.test} || {branch.test}")
        found.append(branch)
    return tuple(found)


_TESTS = {
    "undefined": "undefined",
    "callback": "function",
    "boolean": "boolean",
    NUMERIC: "number",
    "bigint": "bigint",
    "symbol": "symbol",
    "object": "object",
}


def _literal_kinds(literal: syntax.Literal) -> Tuple[str, ...]:
    """The kinds of member types that a default value may be of."""
    if isinstance(literal.value, bool):
        return ("boolean",)
    if isinstance(literal.value, (int, float)):
        return (NUMERIC, "bigint")
    if isinstance(literal.value, str):
        return (STRING,)
    return {
        syntax.EMPTY_SEQUENCE: ("sequence",),
        syntax.EMPTY_DICTIONARY: ("dictionary", "record"),
        syntax.UNDEFINED: ("undefined",),
    }.get(literal.kind, ())
