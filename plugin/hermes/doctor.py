"""`hermes psyche doctor`: what is loaded, what is set and by whom, and what mends what is wrong."""

import importlib.metadata

from . import library, places, skills as skill_files
from .bridge import STALE

SETTING = "plugins.entries.psyche.settings.NAME"


def _hermes_version():
    try:
        return importlib.metadata.version("hermes-agent")
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"


def _check_build(bridge, info):
    stale = bridge.is_stale(info.get("build"))
    if stale:
        return False, STALE
    return True, f"build {info.get('build')}" + (", from the sources that lie here" if stale is False else "")


def _check_settings(bridge, info):
    """Those that somebody set."""
    if bridge.settings.note:
        yield False, f"{bridge.settings.note}; look at: hermes config"
    rows = info["settings"]["rows"]
    chosen = [row for row in rows if row[2] != "default"]
    for name, value, origin, place in chosen:
        yield True, f"setting {name} = {value} ({origin}{': ' + place if place not in origin else ''})"
    yield True, f"{len(rows) - len(chosen)} settings have their default"


def _check_skills(registered):
    if skill_files.SKILL not in registered:
        yield False, f"the skill is missing: {places.home() / 'SKILL.md'}; install the plugin again"
    if registered:
        yield True, f"skills psyche:{', psyche:'.join(registered)}"


def _check_tools(bridge):
    names = [definition["name"] for definition in bridge.definitions()]
    wanted = bridge.settings.tools
    unknown = [name for name in wanted or [] if name not in names]
    if unknown:
        yield False, f"the setting tools names {', '.join(unknown)}; there is {', '.join(names)}"
    yield True, f"tools {', '.join(name for name in names if wanted is None or name in wanted) or '(none)'}"


def checks(bridge, registered):
    """(is well, a line) of each thing that was looked at."""
    yield True, f"Hermes {_hermes_version()}"
    try:
        lib = bridge.library()
    except library.Unusable as trouble:
        yield False, str(trouble)
        yield from _check_skills(registered)
        return
    yield True, f"library {lib.path} (from {lib.place}), {lib.version().decode()}, ABI {lib.abi()}"
    info = bridge.handle().info()
    if info["success"]:
        yield _check_build(bridge, info)
        yield from _check_settings(bridge, info)
    else:
        yield False, f"{info['error']}; change it: hermes config set {SETTING} VALUE"
    yield from _check_tools(bridge)
    yield from _check_skills(registered)


def run(bridge, registered):
    status = 0
    for is_well, line in checks(bridge, registered):
        print(f"{'ok  ' if is_well else 'FAIL'} {line}")
        status = status if is_well else 1
    return status
