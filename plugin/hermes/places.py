"""Where things lie: in the tree that `hermes plugins install` clones, or in the wheel."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def tree():
    """The root of the sources; None in a wheel, which has none."""
    root = HERE.parent.parent
    is_tree = HERE == root / "plugin" / "hermes" and (root / "include" / "psyche_monitor.h").is_file()
    return root if is_tree else None


def home():
    """The folder of SKILL.md and references/."""
    return tree() or HERE


def holds(path):
    """Whether a library lies in there; a name without a folder is the loader's to find."""
    return "/" in path and home() in Path(path).resolve().parents


def mend():
    """What a person does when the library is not there or not right."""
    if tree():
        return "run: hermes psyche build"
    return "install the wheel psyche_monitor_hermes again, one made for this machine"
