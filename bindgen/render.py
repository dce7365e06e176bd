"""Renders a model through the templates, and writes what changed."""

from __future__ import annotations

import errno
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Sequence

from layout import tidy
from model import Set

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).resolve().parent / "templates"


def _lines(lines: Sequence[str], indent: int = 0) -> str:
    """Lines under one another; a template that includes them has indented the first."""
    return ("\n" + " " * indent).join(lines)


@lru_cache(maxsize=None)
def environment() -> jinja2.Environment:
    """What all templates are rendered with. Only who renders needs jinja2, and waits for it to be loaded."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(TEMPLATES)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["lines"] = _lines
    return made


def render(model: Set) -> tuple[str, str]:
    """The text of the header and of the glue."""
    header = tidy(environment().get_template("header.h.j2").render(set=model))
    glue = tidy(environment().get_template("glue.c.j2").render(set=model))
    return header, glue


def write_files(texts: dict[Path, str]) -> None:
    """Writes the files whose text is another than before: all of them, or, failing, none."""
    changed = {path: text for path, text in texts.items() if not _holds(path, text)}
    temporaries: dict[Path, Path] = {}
    try:
        for path, text in changed.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            temporaries[path] = _write_temporary(path, text)
        for path in changed:
            os.replace(temporaries[path], path)
            del temporaries[path]
    finally:
        for temporary in temporaries.values():
            temporary.unlink()


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode("utf-8")
    except OSError:
        return False


def _write_temporary(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
        # As any other file that is made here, rather than for nobody else's eyes.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
    except OSError:
        os.unlink(name)
        raise
    return Path(name)


def depfile(outputs: Iterable[str], inputs: Iterable[str]) -> str:
    """What the outputs were made from, for Ninja and make."""
    return f"{' '.join(map(_escaped, outputs))}: {' '.join(map(_escaped, inputs))}\n"


def _escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")
