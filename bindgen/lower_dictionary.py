"""Lowers dictionaries: the struct, and how its members are read, written and copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Dict, List, Optional, Tuple

import idl_types
import names
import program as linked
import syntax
from idl_types import CType
from layout import comment, one_line, rows
from model import DictionaryType, Reading, Writing
from names import string_literal

if TYPE_CHECKING:
    from lower_types import Types


@dataclass
class _Member:
    """A member of a dictionary, on its way to C. `flagged` is whether it needs a has_ beside it."""

    member: syntax.DictionaryMember
    row: CType
    flagged: bool = False

    @property
    def field(self) -> str:
        implemented = self.member.attribute("ImplementedAs")
        return implemented.value if implemented else names.field(self.member.name)

    @property
    def may_be_missing(self) -> bool:
        return not self.member.required and self.member.default is None


# The default values that what is all zero has already.
_ZEROS = ("", "0", "false")


class Dictionaries:
    """The dictionaries of one set."""

    def __init__(self, types: Types) -> None:
        self.types = types
        # The members of a dictionary and of its ancestors, as they are read and written, with the path to each.
        self._members: Dict[str, List[Tuple[str, _Member]]] = {}

    def lower(self, dictionary: linked.Dictionary) -> CType:
        """The row of a dictionary, declared, with its converters at hand."""
        c = self.types.naming_of(dictionary).type(dictionary.name)
        is_imported = self.types.is_imported(dictionary)
        if not is_imported:
            self.types.claims.claim(c, dictionary.name_span)
        parent = dictionary.parent
        base = self.types.row(syntax.IdentifierType(dictionary.span, (), parent.name)) if parent else None
        own = [_Member(member, self.types.row(member.type)) for member in dictionary.members]
        for one in own:
            one.flagged = one.may_be_missing and not self._shows_none(one.row, one.member.type)
        self._claim_fields(own, {"base"} if base else set())
        fields = [(f"{base.c} base;", f"the members of {parent.name}", "")] if base and parent else []
        for one in own:
            if one.flagged:
                fields.append((f"bool has_{one.field};", "", ""))
            fields.append((f"{one.row.c} {one.field};", one_line(one.member.span.text), one.member.doc))
        declared = comment(f"dictionary {dictionary.name}", dictionary.doc)
        if not is_imported:
            self.types.declarations.append(DictionaryType(c, declared, _documented(fields) or ("char unused;",)))

        inherited = self._members[parent.name] if parent else []
        ordered = sorted(own, key=lambda one: one.member.name)
        members = [(f"base.{path}", one) for path, one in inherited] + [("", one) for one in ordered]
        self._members[dictionary.name] = members
        rows_within = [one.row for one in own] + ([base] if base else [])
        row = idl_types.dictionary(
            dictionary.name,
            c,
            any(within.read_allocates for within in rows_within),
            any(within.write_allocates for within in rows_within),
            idl_types.strictest(within.keep for within in rows_within),
            any(within.buffers for within in rows_within),
        )
        self._dictionary_helpers(dictionary.name, row, base, own)
        return row

    def _claim_fields(self, own: List[_Member], used: set[str]) -> None:
        for one in own:
            claimed = {one.field, f"has_{one.field}"} if one.flagged else {one.field}
            if claimed & used:
                message = f"this would be the field '{one.field}' in C, which something else is"
                self.types.claims.sink.error("c-name", message, one.member.name_span)
            used |= claimed

    def _dictionary_helpers(self, name: str, row: CType, base: Optional[CType], own: List[_Member]) -> None:
        stem = row.to_stem
        parts = [(base, "&value->base")] if base else []
        parts += [(one.row, f"&value->{one.field}") for one in own]
        self.types.readers[stem] = lambda: self.types.helper(
            "to_dictionary",
            f"js_to_{stem}",
            row,
            base=self.types.read(base, input="input", out="&out->base") if base else "",
            readings=[self._reading(one) for path, one in self._members[name] if not path],
            needs_present=any(not one.flagged for one in own),
            is_recursive=name in self.types.recursive,
        )
        self.types.writers[stem] = lambda: self.types.helper(
            "from_dictionary",
            f"js_from_{stem}",
            row,
            stem=stem,
            names=rows(
                [
                    (string_literal(one.member.name) + ",", one_line(one.member.span.text))
                    for _, one in self._members[name]
                ],
                indent=4,
            ),
            writings=[self._writing(f"value->{path}", one) for path, one in self._members[name]],
        )
        self.types.keepers[stem] = lambda: self.types.helper(
            "copy_dictionary",
            f"js_copy_{stem}",
            row,
            keeps=[self.types.copy(within, "frame", pointer) for within, pointer in parts if within.keep],
        )

    def _reading(self, one: _Member) -> Reading:
        default = one.member.default
        present = f"out->has_{one.field}" if one.flagged else "present"
        is_any = one.row.idl == "any"
        converts_default = default is not None and default.kind == syntax.EMPTY_DICTIONARY and not is_any
        initializer = ""
        if default is not None and is_any:
            initializer = self.types.any_default("input->env", default)
        elif default is not None and not converts_default:
            initializer = self.types.default(one.row, one.member.type, default)
        return Reading(
            comment=comment(one_line(one.member.span.text), indent=2),
            key=string_literal(one.member.name),
            required="true" if one.member.required else "false",
            present=present,
            default="" if initializer in _ZEROS else f"out->{one.field} = {_assigned(one.row, initializer)};",
            guard="" if one.member.required or converts_default else f"{present} && ",
            read=self.types.read(one.row, input="&member", out=f"&out->{one.field}"),
        )

    def _writing(self, path: str, one: _Member) -> Writing:
        guard = ""
        if one.flagged:
            guard = f"if ({path}has_{one.field}) "
        elif one.may_be_missing:
            guard = f"if ({one.row.is_given.format(value=path + one.field)}) "
        return Writing(guard, self.types.write(one.row, f"{path}{one.field}"))

    def _shows_none(self, row: CType, type: syntax.Type) -> bool:
        """Whether a missing value can be told from every other without a flag."""
        return bool(row.is_given) and not isinstance(self.types.program.resolve(type), syntax.NullableType)


def _documented(fields: List[Tuple[str, str, str]]) -> Tuple[str, ...]:
    """The fields of a struct, with the IDL behind them, and above them what it says about them."""
    lines: List[str] = []
    run: List[Tuple[str, str]] = []
    for code, idl, doc in fields:
        if doc:
            # A comment of its own ends the column of those behind the fields.
            lines += [*rows(run), *comment(doc, indent=2)]
            run = []
        run.append((code, idl))
    return (*lines, *rows(run))


def _assigned(row: CType, initializer: str) -> str:
    return f"({row.c}){initializer}" if initializer.startswith("{") else initializer
