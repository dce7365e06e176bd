"""The names of a set of bindings in C, and who has taken which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, Optional

from diagnostics import Note, Sink
from names import Name, is_free
from source import Span


@dataclass(frozen=True)
class Naming:
    """How the parts of a set are called: by the IDL's names, or with a prefix before every one."""

    name: str
    prefix: str = ""

    @property
    def bindings(self) -> str:
        return f"{self.member('', self.name)}_bindings"

    def type(self, name: str) -> str:
        return Name(self.prefix).pascal + name[0].upper() + name[1:] if self.prefix else name

    def member(self, container: str, name: str) -> str:
        """The function for a member of `container`; of a set's global functions, the container is the set itself."""
        parts = [self.prefix, container] if self.prefix else [container]
        return "_".join(_snake(part) for part in (*parts, name) if part)

    @property
    def set_noun(self) -> str:
        """What stands before the promises of types that belong to no set."""
        return Name(self.prefix or self.name).pascal


def _snake(name: str) -> str:
    """An identifier of the IDL. A hyphen is two underscores, so that margin-top is another than marginTop."""
    return "__".join(Name(part).snake for part in name.split("-") if part)


# What the converters and tables of the glue are called, and so no native function is.
_OF_GLUE = re.compile(
    r"js_(?:(?:to|from|copy|rest|words|release|discard|make|read|call|finalize)_|"
    r"(?:members|aliases|factories|external_memory|properties|length|get_index|set_index|has_name|name_at|get_name|set_name|"
    r"delete_name|pair|pairs|iterator|iterator_members|async_next|async_return|async_finalize|async_members|async_iterator|"
    r"async_iterable|key|value|collection|convert|set|remove|observable|run|result|free|arguments|job|fast|fast_call|values|enum|"
    r"namespace|keys|dictionary|step)_of_)"
)


@dataclass
class Claims:
    """The C names of a run, each with the place that made it."""

    sink: Sink
    taken: Dict[str, Optional[Span]] = field(default_factory=dict)

    def claim(self, name: str, span: Optional[Span]) -> None:
        """Takes a name; reports it when it is another's already, or no name in C."""
        if span is not None and not is_free(name):
            hint = "; give it another, or the set a --prefix"
            self.sink.error("c-name", f"this would be '{name}' in C, which has a meaning there{hint}", span)
            return
        earlier = self.taken.get(name)
        if name in self.taken and span is not None and span != earlier:
            notes = [Note("the other one", earlier)] if earlier else []
            hint = "; give one of them another with [ImplementedAs]"
            self.sink.error("c-name", f"this would be '{name}' in C, which something else is{hint}", span, *notes)
        self.taken.setdefault(name, span)

    def own(self, name: str) -> str:
        """Takes a name that only the glue knows: like `name`, and nobody else's."""
        while name in self.taken:
            name += "_"
        self.taken[name] = None
        return name

    def native(self, hook: str) -> str:
        """The name of the native function that calls a hook."""
        name = f"js_{hook}"
        return self.own(name + "_" if _OF_GLUE.match(name) else name)
