"""Lists the functions that headers export, one FUNCTION(name) a line, sorted: public_functions.py OUT HEADER...

Those that a macro of the same header declares are among them.
"""

from __future__ import annotations

import re
import sys

MACRO = re.compile(r"^#define (\w+)\(([\w, ]+)\)((?:.*\\\n)*.*)$", re.MULTILINE)
FUNCTION = re.compile(r"\bCLEAT_EXPORT\b[^;()]*?\b(cleat_\w+)\(")


def expand(text: str) -> str:
    """Puts the text of macros that declare functions where they are used, and takes the macros away."""
    macros = {match[1]: (match[2].split(", "), match[3]) for match in MACRO.finditer(text) if "CLEAT_EXPORT" in match[3]}
    text = MACRO.sub("", text)
    for name, (parameters, body) in macros.items():

        def use(match: re.Match[str], parameters: list[str] = parameters, body: str = body) -> str:
            for parameter, argument in zip(parameters, match[1].split(", ")):
                body = re.sub(rf"(?:##)?\b{parameter}\b(?:##)?", argument, body)
            return body

        text = re.sub(rf"^{name}\((.*)\)", use, text, flags=re.MULTILINE)
    return text


def functions(header: str) -> list[str]:
    with open(header, encoding="utf-8") as file:
        text = file.read()
    return FUNCTION.findall(expand(re.sub(r"//.*", "", text)))


def main(out: str, *headers: str) -> None:
    names = sorted({name for header in headers for name in functions(header)})
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(f"FUNCTION({name})\n" for name in names)


if __name__ == "__main__":
    main(*sys.argv[1:])
