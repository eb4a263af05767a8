"""What tests install from package registries: by version, all of it, and on the machine that the lists were made on
by the sums of the files, too, so that a registry cannot give anything else under the same name.

    pip install *pip_words(PINS, python, folder)"""

import pathlib
import re
import subprocess

# Wheels of other machines are other files.
LISTED_FOR = "linux-x86_64 3.11"
TELL = "import sys, sysconfig; print(sysconfig.get_platform(), '%d.%d' % sys.version_info[:2])"
SUM = re.compile(r"\s+--hash=sha256:[0-9a-f]{64}$", re.MULTILINE)


class Tampered(Exception):
    """The registry gave something else than was pinned: a failure, and never a reason to skip."""


def check_trouble(trouble):
    """Of a failed pip or npm: raises Tampered when a sum was another one."""
    text = (getattr(trouble, "stderr", None) or b"").decode(errors="replace")
    if "DO NOT MATCH THE HASHES" in text or "EINTEGRITY" in text:
        raise Tampered(text[-2000:])


def pip_words(pins, python, folder):
    """The words of `pip install` for that Python; a list without sums is written into the folder."""
    here = subprocess.run([str(python), "-c", TELL], capture_output=True, text=True, timeout=60, check=True).stdout
    if here.strip() == LISTED_FOR:
        return ["--require-hashes", "-r", str(pins)]
    plain = pathlib.Path(folder) / "pins-without-sums"
    plain.write_text(SUM.sub("", pathlib.Path(pins).read_text()))
    return ["-r", str(plain)]
