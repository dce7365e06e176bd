"""Checks a program against the rules of the standard and Cleat's own."""

from __future__ import annotations

from check_attributes import check_attributes
from check_exceptions import check_exceptions
from check_exposure import check_exposure
from check_interfaces import check_interfaces
from check_iteration import check_iteration
from check_members import check_members
from check_names import check_names
from check_overloads import check_overloads
from check_types import check_types
from check_values import check_values
from context import Context, Options
from diagnostics import Sink
from program import Program

__all__ = ["Options", "check"]

_CHECKS = (
    check_names,
    check_attributes,
    check_exposure,
    check_interfaces,
    check_exceptions,
    check_types,
    check_values,
    check_members,
    check_iteration,
    check_overloads,
)


def check(program: Program, sink: Sink, options: Options = Options()) -> None:
    """Reports every rule that the program breaks."""
    context = Context(program, sink, options)
    for check_rules in _CHECKS:
        check_rules(context)
