"""A real Solana node (surfpool, from the npm registry) with the accounts of a folder, on loopback.

    with RealServer(folder) as server:      # folder/accounts.json, as psyche-sim takes it
        ask(server.rpc_url)

It is of the cluster and at the slot that the folder names; without them, of a network of its own. The
package is installed once, into build/venv/surfpool, and used until the version here changes.
Unavailable is raised where there is no Node to run it or no registry to take it from."""

import base64
import contextlib
import ctypes
import ctypes.util
import fcntl
import json
import pathlib
import platform
import select
import shutil
import subprocess
import sys

from parent import Parent

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "contract"))

from pins import check_trouble  # noqa: E402

FOLDER = HERE.parents[1] / "build" / "venv" / "surfpool"
PACKAGE, VERSION = "@solana/surfpool-linux-x64-gnu", "1.5.0"
SUM = "sha512-d+wUCBdzw7U4inKoe+Lj7XlH8Nmd6A00IZOsG3R61NQbqhRVp7zFpVCCzV00RvgAOsSedkI87I6B4ehAuyGPAg=="
OLDEST_NODE = 18
INSTALL_SECONDS, START_SECONDS, STOP_SECONDS = 100, 30, 10
ACCOUNT_BYTES_MOST = 10 << 20


class Unavailable(Exception):
    """Its text is the reason."""


def check_machine():
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Unavailable(f"{PACKAGE}: only for Linux on x86_64")
    if not shutil.which("node") or not shutil.which("npm"):
        raise Unavailable(f"{PACKAGE}: no Node.js and npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=20).stdout
    if int(version.strip().lstrip("v").split(".")[0] or 0) < OLDEST_NODE:
        raise Unavailable(f"{PACKAGE}: Node.js {version.strip()} is older than {OLDEST_NODE}")


def install():
    """Several tests may come here at once."""
    check_machine()
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with open(FOLDER.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = FOLDER / "version"
        if done.exists() and done.read_text() == f"{VERSION} {SUM}":
            return
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        wanted = {"dependencies": {PACKAGE: VERSION}}
        locked = {"lockfileVersion": 3, "requires": True, "packages": {
            "": wanted, f"node_modules/{PACKAGE}": {"version": VERSION, "integrity": SUM}}}
        (FOLDER / "package.json").write_text(json.dumps({"private": True, **wanted}))
        (FOLDER / "package-lock.json").write_text(json.dumps(locked))
        # Nothing but the file of that sum, and none of its scripts.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1",
                   "--fetch-timeout=20000"]
        try:
            subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        except subprocess.SubprocessError as trouble:
            check_trouble(trouble)
            raise Unavailable(f"{PACKAGE}: the package registry cannot be reached") from None
        done.write_text(f"{VERSION} {SUM}")


def unpack(packed):
    """What a zstd frame stands for."""
    to = ctypes.create_string_buffer(ACCOUNT_BYTES_MOST)
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    count = zstd.ZSTD_decompress(to, ctypes.c_size_t(len(to)), packed, ctypes.c_size_t(len(packed)))
    return to.raw[:count]


def read_node(folder):
    return json.loads(pathlib.Path(folder, "accounts.json").read_text())


def read_accounts(folder):
    """[{pubkey, owner, lamports, executable, data in base64}] of a folder as psyche-sim takes it."""
    folder = pathlib.Path(folder)
    accounts = []
    for row in read_node(folder)["accounts"]:
        places = [base / (row["file"] + ending) for base in (folder, folder / "accounts")
                  for ending in ("", ".zst")]
        file = next(place for place in places if place.exists())
        data = unpack(file.read_bytes()) if file.suffix == ".zst" else file.read_bytes()
        accounts.append({"pubkey": row["pubkey"], "owner": row["owner"], "lamports": row["lamports"],
                         "executable": row.get("executable", False),
                         "data": base64.b64encode(data).decode()})
    return accounts


class RealServer:
    """A running node; its `rpc_url` has no slash at the end."""

    def __init__(self, folder=None):
        node = read_node(folder) if folder else {}
        self._accounts = read_accounts(folder) if folder else []
        self._parent = Parent(node["genesis"], node["slot"]) if "genesis" in node else None
        self._process = None
        self.rpc_url = None

    def __enter__(self):
        install()
        if self._parent:
            self._parent.__enter__()
        try:
            self._start(["node", str(HERE / "server.mjs"), *([self._parent.url] if self._parent else [])])
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self, command):
        self._process = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        self.rpc_url = self._read_line()
        if not self.rpc_url.startswith("http://127.0.0.1:"):
            raise RuntimeError(f"the node did not start: {self.rpc_url}")
        for account in self._accounts:
            self.set_account(**account)

    def __exit__(self, *_):
        self.stop()

    def _read_line(self):
        ready, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        return self._process.stdout.readline().strip() if ready else ""

    def set_account(self, pubkey, **account):
        """owner, lamports, executable, data in base64"""
        self._process.stdin.write(json.dumps({"pubkey": pubkey, **account}) + "\n")
        self._process.stdin.flush()
        answer = self._read_line()
        if answer != "ok":
            raise RuntimeError(f"{pubkey}: {answer}")

    def stop(self):
        process, self._process = self._process, None
        if process:
            with contextlib.suppress(OSError):
                process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        parent, self._parent = self._parent, None
        if parent:
            parent.__exit__()
