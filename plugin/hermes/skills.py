"""SKILL.md and the references as skills of the plugin.

Hermes shows a plugin's skill without the files beside it, so each reference is a skill as well."""

from . import places

SKILL = "network-monitor"
QUOTES = ("'", '"')


def front_matter(path):
    """Its one-line fields; a value that goes on in indented lines is joined. No YAML beyond that."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:                       # Hermes says what is wrong when it is asked for
        return {}
    if lines[:1] != ["---"]:
        return {}
    fields, name = {}, None
    for line in lines[1:]:
        if line == "---":
            break
        if line[:1].isspace() and name:
            fields[name] = f"{fields[name]} {line.strip()}".strip()
        elif ":" in line:
            name, value = line.split(":", 1)
            fields[name] = value.strip().lstrip(">|").strip()
    return {name: value[1:-1] if value[:1] in QUOTES and value[:1] == value[-1:] else value
            for name, value in fields.items()}


def find():
    """{name: (file, description)} of those that are there."""
    skill = places.home() / "SKILL.md"
    files = {SKILL: skill} if skill.is_file() else {}
    files.update((path.stem, path) for path in sorted((places.home() / "references").glob("*.md")))
    fields = {name: front_matter(path) for name, path in files.items()}
    return {name: (path, fields[name].get("description") or fields[name].get("summary") or "")
            for name, path in files.items()}


def register(ctx):
    """The names that were registered."""
    if not hasattr(ctx, "register_skill"):
        return []
    found = find()
    for name, (path, description) in found.items():
        ctx.register_skill(name, path, description)
    return list(found)
