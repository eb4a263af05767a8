"""Starts psyche-sim for a test and ends it again.

    with Simulator(folder, "--fault", "/runs=>status=503+times=1") as sim:
        ask(sim.url)
        assert [line.path for line in sim.log()] == ["/runs", "/runs"]

It is a Solana node as well, at sim.rpc_url, when the folder has an rpc/accounts.json or `rpc` names
a folder with one (several nodes: a dict of names, sim.node_url(name)):

    Simulator(files, rpc=accounts, genesis=DEVNET, slot=(1000, 1), refuse={"getProgramAccounts": 410})

It is the hub at sim.hub_url and the storage at sim.gcs_url, from the folder's hub/ and gcs/ or from
those of the folder `hub`; hub_data.py writes them.

The program is found in $PSYCHE_BUILD_DIR, or in build/. `data` is a folder, or a dict of file
names and contents that becomes one: {"runs.json": {...}}; a str or bytes is written as it is."""

import collections
import json
import pathlib
import select
import shutil
import subprocess
import tempfile
import time
from os import environ

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(environ.get("PSYCHE_BUILD_DIR") or ROOT / "build")
PROGRAM = BUILD / "psyche-sim"
# Preloaded, it makes *.blackhole.test never resolve and *.sim.test mean 127.0.0.1.
DEAD_RESOLVER = next((file for file in (BUILD / "dead_resolver.so",) if file.exists()),
                     ROOT / "build" / "dead_resolver.so")
GREETING = "psyche-sim listening on "
START_SECONDS = 10
STOP_SECONDS = 5

# One request as the simulator saw it: ms is monotonic, connection counts from 1, what was not sent is "-".
Request = collections.namedtuple("Request",
                                 "ms method path status fault accept connection authorization")


def write_folder(folder, files):
    """Writes {name: content} below folder; values that are neither str nor bytes as JSON."""
    for name, content in files.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def make_certificates(folder):
    """ca.pem, and good, wrong-host, expired, by-unknown-ca with .pem and .key, in folder."""
    script = ROOT / "tests" / "sim" / "make-test-ca"
    subprocess.run([str(script), str(folder)], check=True, timeout=60)
    return pathlib.Path(folder)


def node_arguments(rpc, genesis, slot, health, refuse):
    """The command line's words for the nodes."""
    folders = [f"{name}={folder}" for name, folder in rpc.items()] if isinstance(rpc, dict) else [rpc]
    words = [word for folder in folders if folder for word in ("--rpc", folder)]
    for option, value in (("--genesis", genesis), ("--health", health)):
        words += [option, value] if value is not None else []
    if slot is not None:
        words += ["--slot", ",".join(map(str, slot)) if isinstance(slot, tuple) else slot]
    for method, how in (refuse or {}).items():
        words += ["--refuse", f"{method}={how}"]
    return words


class Simulator:
    """A running psyche-sim; its `url` has no slash at the end."""

    def __init__(self, data, *arguments, rpc=None, genesis=None, slot=None, health=None,
                 refuse=None, hub=None):
        self._scratch = pathlib.Path(tempfile.mkdtemp(prefix="psyche-sim-"))
        self.folder = pathlib.Path(data) if not isinstance(data, dict) else self._scratch / "data"
        if isinstance(data, dict):
            self.folder.mkdir()
            write_folder(self.folder, data)
        self._log = self._scratch / "log"
        self._arguments = [str(PROGRAM), "--data", str(self.folder), "--log", str(self._log),
                           *map(str, arguments), *(["--hub", str(hub)] if hub else []),
                           *map(str, node_arguments(rpc, genesis, slot, health, refuse))]
        self._process = None
        self.url = None
        self.port = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def node_url(self, name="rpc"):
        return f"{self.url}/{name}"

    @property
    def rpc_url(self):
        return self.node_url()

    @property
    def hub_url(self):
        return f"{self.url}/hub"

    @property
    def gcs_url(self):
        return f"{self.url}/gcs"

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        self._process = subprocess.Popen(self._arguments, stdout=subprocess.PIPE,
                                         stdin=subprocess.DEVNULL)
        ready, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        line = self._process.stdout.readline().decode() if ready else ""
        if not line.startswith(GREETING):
            raise RuntimeError(f"psyche-sim did not start: {' '.join(self._arguments)}")
        self.url = line[len(GREETING):].strip()
        self.port = int(self.url.rsplit(":", 1)[1])

    def stop(self):
        """Ends the program, once; its exit status, or None when it never ran."""
        status = None
        if self._process:
            self._process.terminate()
            try:
                status = self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                status = self._process.wait()
            self._process.stdout.close()
            self._process = None
        shutil.rmtree(self._scratch, ignore_errors=True)
        return status

    def log(self, path_prefix=""):
        """The requests so far whose path begins so."""
        text = self._log.read_text(errors="surrogateescape") if self._log.exists() else ""
        rows = [line.split("\t") for line in text.splitlines()]
        requests = [Request(int(r[0]), r[1], r[2], int(r[3]), r[4], r[5], int(r[6]), r[7])
                    for r in rows]
        return [request for request in requests if request.path.startswith(path_prefix)]

    def wait_for(self, count, path_prefix="", seconds=5.0):
        """Waits until that many such requests have come; the requests."""
        end = time.monotonic() + seconds
        while len(self.log(path_prefix)) < count and time.monotonic() < end:
            time.sleep(0.005)
        return self.log(path_prefix)
