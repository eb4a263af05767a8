"""The stamp of a tree: 16 digits that change when a source of the library does.

The same as scripts/source-stamp, without a shell. The library carries the stamp of the sources it
was built from; a tree that has been updated since has another."""

import hashlib

FOLDERS = ("plugin", "skill", "include")
ENDINGS = (".c", ".h", ".map")


def of_tree(root):
    paths = {path.relative_to(root).as_posix().encode(): path
             for folder in FOLDERS for path in (root / folder).rglob("*")
             if path.name.endswith(ENDINGS) and path.is_file()}
    lines = [hashlib.sha256(paths[name].read_bytes()).hexdigest().encode() + b"  " + name + b"\n"
             for name in sorted(paths)]
    return hashlib.sha256(b"".join(lines)).hexdigest()[:16]
