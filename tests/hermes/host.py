"""Hermes Agent itself, for these tests: a virtual environment with the release that
requirements.txt pins, homes that are thrown away, and a network that ends at this machine.

    with ModelServer(script) as model, Home(model.url) as home:
        home.hermes("-z", "go", "-t", "psyche")

What our own part would ask of the internet counts as a failed check.

The environment is made once, in build/venv/hermes, and used until the pin changes. Where the
package registry cannot be reached, importing this module ends the program with one SKIP line."""

import ctypes
import fcntl
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from os import environ

ROOT = pathlib.Path(__file__).resolve().parents[2]
PINS = pathlib.Path(__file__).with_name("requirements.txt")
VENV = ROOT / "build" / "venv" / "hermes"
PYTHON = VENV / "bin" / "python"
INSTALL_SECONDS = 280
HERMES_SECONDS = 120

sys.path.insert(0, str(ROOT / "tests" / "contract"))

from pins import check_trouble, pip_words  # noqa: E402

# --- the virtual environment ------------------------------------------------------------------

FITS = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))"


def fitting_python():
    """A Python that this release of Hermes runs on, or None."""
    for name in (sys.executable, "python3.11", "python3.12", "python3.13", "/usr/bin/python3"):
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", FITS], capture_output=True).returncode == 0:
            return path
    return None


def why_no_venv():
    """Makes the environment where it is missing or of another pin; the reason it cannot be."""
    VENV.parent.mkdir(parents=True, exist_ok=True)
    done = VENV / "pins"
    with open(VENV.parent / "hermes.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and done.read_bytes() == PINS.read_bytes():
            return None
        python = fitting_python()
        if not python:
            return "hermes: no Python of 3.11 to 3.13"
        shutil.rmtree(VENV, ignore_errors=True)
        for command in ([python, "-m", "venv", VENV],
                        [PYTHON, "-m", "pip", "install", "--quiet", "--retries", "1",
                         *pip_words(PINS, python, VENV.parent)]):
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
            except subprocess.SubprocessError as trouble:
                check_trouble(trouble)
                output = (getattr(trouble, "stderr", None) or b"").decode(errors="replace")
                print(output[-2000:], file=sys.stderr)
                return "hermes: the package registry cannot be reached"
        shutil.copyfile(PINS, done)
        return None


# --- a network that ends here -----------------------------------------------------------------

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def leave_the_network():
    """Puts this process and its children into a network of loopback only, where that is allowed. An
    agent asks for updates and catalogues, which a test must not depend on."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH", b"lo", 0)
        flags = struct.unpack("16sH", fcntl.ioctl(any_socket, SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH", b"lo", flags | IFF_UP))


_reason = why_no_venv()
if _reason:
    print(f"SKIP {_reason}\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)
leave_the_network()
# Kept from the caller's environment, which the next import empties.
RECORDINGS = environ.get("PSYCHE_GOLDEN_DIR")

from harness import Cli, Simulator, equal, recorded, true  # noqa: E402,F401
from outside import Outside  # noqa: E402

# Without a chain, a hub and a store, as the harness has it: for what we start with a new environment.
SWITCHED_OFF = {name: value for name, value in environ.items() if name.endswith("_OFF")}
OUTSIDE = Outside().__enter__()
OUR_HOSTS = ("psyche.network", "solana.com", "storage.googleapis.com")   # and none of an agent's

# --- homes ------------------------------------------------------------------------------------


class Done:
    """A finished command: status, out and err as text."""

    def __init__(self, done):
        self.status = done.returncode
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        self.all = self.out + self.err


class Home:
    """A home directory with Hermes' settings in it, removed at the end."""

    def __init__(self, model_url="http://127.0.0.1:1/v1", plugins=(), settings=None, python=PYTHON,
                 **more):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="psyche-hermes-"))
        self.hermes_home = self.path / "hermes"
        self.python = python
        (self.path / "home").mkdir()
        self.hermes_home.mkdir()
        self.configure(model_url, plugins, settings, **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def configure(self, model_url, plugins=(), settings=None, allow_private_urls=False, **more):
        """Writes config.yaml; JSON is YAML."""
        entry = {"allow_tool_override": False, "settings": settings or {}}
        config = {
            "model": {"provider": "custom", "default": "scripted", "base_url": model_url,
                      "api_key": "none", "context_length": 131072, "api_mode": "chat_completions"},
            "plugins": {"enabled": list(plugins), "entries": {"psyche": entry}},
            "security": {"allow_lazy_installs": False, "tirith_enabled": False,
                         "allow_private_urls": allow_private_urls},
            "updates": {"check": False}, **more}
        (self.hermes_home / "config.yaml").write_text(json.dumps(config, indent=1))

    def environment(self, **more):
        """A machine's own words only: nothing of the caller's but where programs are found."""
        return {"PATH": environ.get("PATH", os.defpath), "HOME": str(self.path / "home"),
                "HERMES_HOME": str(self.hermes_home), "LANG": "C.UTF-8", "NO_COLOR": "1",
                "TERM": "dumb", "TMPDIR": str(self.path), **SWITCHED_OFF, **OUTSIDE.variables, **more}

    def run(self, *command, stdin="", seconds=HERMES_SECONDS, **environment):
        done = subprocess.run([str(word) for word in command], input=stdin.encode(),
                              env=self.environment(**environment), cwd=self.path / "home",
                              capture_output=True, timeout=seconds)
        equal(OUTSIDE.asked(*OUR_HOSTS), [], f"asked on the internet by {command}")
        return Done(done)

    def hermes(self, *words, **more):
        return self.run(self.python, "-c", "from hermes_cli.main import main; main()", *words, **more)

    def python_json(self, code, value=None, **more):
        """Runs the code beside Hermes, `value` read from its standard input; what it prints, read."""
        done = self.run(self.python, "-c", "import json, sys\nvalue = json.load(sys.stdin)\n" + code,
                        stdin=json.dumps(value), **more)
        if done.status:
            raise RuntimeError(f"{code}: {done.err[-1500:]}")
        return json.loads(done.out.splitlines()[-1])

    def conversation(self, model, toolsets="psyche", **environment):
        """The whole agent, once through the script; (tool, answer) as the model was told them."""
        done = self.hermes("-z", "go", "-t", toolsets, "--ignore-rules", **environment)
        true(done.status == 0 and "Traceback" not in done.all,
             f"hermes -z: {done.status} {done.all[-1500:]}")
        return model.answers()
