"""Prints, as a GN scope, where the headers of the `node` on the PATH are, for addons of it; "" and why where they are not.

With --check it prints nothing, but the reason, and then its exit status is 1.

They come with Node.js itself, or in Debian's case with the package libnode-dev, and must be of the same version: V8's own
interface is in them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def header_version(include: str) -> str:
    """Returns the version that headers are of, or ""."""
    try:
        with open(f"{include}/node_version.h", encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return ""
    numbers = [re.search(rf"#define NODE_{part}_VERSION (\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
    return ".".join(number[1] if number else "?" for number in numbers)


def find() -> tuple[str, str]:
    """Returns the folder of the headers, and why there is none where it is ""."""
    node = shutil.which("node")
    if not node:
        return "", "there is no node"
    answer = subprocess.run([node, "-p", "process.versions.node"], capture_output=True, text=True, check=False)
    version = answer.stdout.strip()
    if answer.returncode != 0 or not version:
        return "", f"{node} does not run"
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(node)))
    # Debian's libnode-dev has them below /usr/include/node; so has what build/setup.sh unpacked.
    folders = [f"{prefix}/include/node", "/usr/include/node", f"{ROOT}/out/deps/usr/include/node"]
    for folder in folders:
        if header_version(folder) == version and os.path.exists(f"{folder}/v8.h"):
            return folder, ""
    return "", f"there are no headers of {node} {version}, neither in {prefix}/include/node nor of the package libnode-dev"


if __name__ == "__main__":
    include, problem = find()
    if "--check" in sys.argv:
        sys.exit(problem or None)
    print(f"include = {json.dumps(include)}")
    print(f"problem = {json.dumps(problem)}")
