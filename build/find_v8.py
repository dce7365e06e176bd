"""Prints, as a GN scope, where V8 is: the system's libnode-dev, else what build/setup.sh unpacked into out/deps.

Exit status 1 and a message where there is neither.
"""

from __future__ import annotations

import os
import sys
import sysconfig

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def find(root: str) -> tuple[str, str] | None:
    """Returns the folders of V8's headers and library under root, or None."""
    include = os.path.join(root, "usr/include/nodejs/deps/v8/include")
    library = os.path.join(root, "usr/lib", sysconfig.get_config_var("MULTIARCH") or "")
    if os.path.exists(f"{include}/v8.h") and os.path.exists(f"{library}/libnode.so"):
        return include, library
    return None


found = find("/")
if found:
    print(f'include = "{found[0]}"')
    print('library_dir = ""')  # The linker and the loader know the system's own.
    sys.exit(0)
found = find(os.path.join(ROOT, "out/deps"))
if found:
    print(f'include = "{found[0]}"')
    print(f'library_dir = "{found[1]}"')
    sys.exit(0)
sys.exit("V8 was not found (package libnode-dev). Run build/setup.sh, or see the GN arguments of build/v8.gni.")
