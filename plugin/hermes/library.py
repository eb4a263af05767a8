"""Finding psyche_monitor.so, loading it, and saying in words why that did not work.

Tried in this order: $PSYCHE_MONITOR_LIB, and nothing else when it is set; build/ of the tree; beside
this module, where the wheel has it; the system's. What cannot be used is passed over, and is the
answer when nothing else is found."""

import ctypes
import os
import re
import sysconfig

from . import places

ABI = 1
FILE = "psyche_monitor.so"
SONAME = "libpsyche_monitor.so.1"
SIGNATURES = {
    "abi": (ctypes.c_int, []),
    "version": (ctypes.c_char_p, []),
    "schema": (ctypes.c_char_p, [ctypes.POINTER(ctypes.c_size_t)]),
    "open": (ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_size_t]),
    "call": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "cancel": (None, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "reply_text": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)]),
    "reply_status": (ctypes.c_int, [ctypes.c_void_p]),
    "reply_free": (None, [ctypes.c_void_p]),
    "close": (None, [ctypes.c_void_p]),
}
# Libraries that the object needs, by the beginning of their file's name, and Debian's packages.
PACKAGES = {"libcurl.so": "libcurl4", "libyaml": "libyaml-0-2", "libyyjson": "libyyjson0",
            "libcmark": "libcmark0.30.2", "libsodium": "libsodium23", "libzstd": "libzstd1",
            "libsqlite3": "libsqlite3-0"}
NEEDED = re.compile(r"(?P<file>\S+): cannot open shared object file: No such file")
TOO_NEW = re.compile(r"version `(?P<version>GLIBC_[\d.]+)' not found")


class Unusable(Exception):
    """No library, or one that cannot be used; the text says which, and what mends it."""


def explain(path, trouble):
    """The loader's words as a sentence."""
    needed, too_new = NEEDED.search(str(trouble)), TOO_NEW.search(str(trouble))
    if needed and needed["file"] != path:
        package = next((name for start, name in PACKAGES.items() if needed["file"].startswith(start)), None)
        hint = f"install {package} (its name in Debian)" if package else "install it"
        return f"{needed['file']} is missing, which {path} needs: {hint}, or {places.mend()}"
    if too_new:
        return f"{path} needs a newer C library ({too_new['version']}): {places.mend()}"
    return f"{path} cannot be loaded ({trouble}): {places.mend()}"


class Library:
    """A loaded library; its functions by their names without the prefix."""

    def __init__(self, path, place):
        self.path, self.place = path, place
        try:
            loaded = ctypes.CDLL(path)
            for name, (result, arguments) in SIGNATURES.items():
                function = getattr(loaded, f"psyche_monitor_{name}")
                function.restype, function.argtypes = result, arguments
                setattr(self, name, function)
        except (OSError, AttributeError) as trouble:
            raise Unusable(explain(path, trouble)) from None
        if self.abi() != ABI:
            raise Unusable(f"{path} has ABI {self.abi()}, this plugin needs {ABI}: {places.mend()}, "
                           "then start Hermes again")


def _system_folders():
    multiarch = sysconfig.get_config_var("MULTIARCH")
    for folder in ("/usr/local/lib", "/usr/lib"):
        yield from [f"{folder}/{multiarch}"] if multiarch else []
        yield from (folder, f"{folder}64")


def _candidates():
    """(path, place), the likeliest first; the last is the loader's own find."""
    chosen = os.environ.get("PSYCHE_MONITOR_LIB")
    if chosen:
        yield chosen, "PSYCHE_MONITOR_LIB"
        return
    if places.tree():
        yield str(places.tree() / "build" / FILE), "build"
    yield str(places.HERE / FILE), "package"
    for folder in _system_folders():
        yield f"{folder}/psyche-monitor/{FILE}", "system"
    yield SONAME, "system"


def load():
    """A Library; raises Unusable."""
    troubles = []
    for path, place in _candidates():
        if path == SONAME or place == "PSYCHE_MONITOR_LIB" or os.path.exists(path):
            try:
                return Library(path, place)
            except Unusable as trouble:
                troubles += [trouble] if path != SONAME else []
    raise troubles[0] if troubles else Unusable(f"{FILE} is not built: {places.mend()}")
