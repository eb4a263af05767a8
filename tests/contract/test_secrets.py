#!/usr/bin/env python3
"""Keys and tokens: sent to their own host and to nobody else, and to be found in nothing that is said or kept.

Every place that a secret can come from is filled with one of its own; then everything is asked, and all that was
answered, printed, sent and written is searched for each."""

import base64
import itertools
import json
import os
import stat
import sys
import urllib.parse
from os import environ

from chain_address import SYSTEM, key, to_base58
from chain_data import write_chain
from harness import (NOW, SCRATCH, Cli, Lib, Simulator, equal, main, make_list, make_page, make_run, test,
                     true)
from hub_data import hub_files
from hub_world import HUB_DATA, PARTS, chain_of_runs, dashboard_files
from liar import Liar, whole

LIB = Lib()
# None of them looks like anything that an answer could hold by chance.
TOKEN = "hf_" + "Zq7TokenOfTheHub"
IN_PATH, IN_QUERY, IN_POOL = "Zq7KeyInThePath", "Zq7KeyInTheQuery", "Zq7KeyOfThePool"
USER, PASSWORD = "Zq7user", "Zq7password"
WALLET_FILE, PRIVATE_KEY, OTHER = "Zq7wallet.json", "Zq7PrivateKey", "Zq7SomethingElse"
SECRETS = [TOKEN, IN_PATH, IN_QUERY, IN_POOL, USER, PASSWORD, WALLET_FILE, PRIVATE_KEY, OTHER]
WALLET = to_base58(key("a wallet"))
_numbers = itertools.count()


def forms(secret):
    """As it may be written: plain, percent-encoded, in base64, in hex."""
    text = secret.encode()
    encoded = urllib.parse.quote(secret, safe="").encode()
    return {text, encoded, base64.b64encode(text).rstrip(b"="), text.hex().encode()}


def found_in(data, secrets=None):
    return [secret for secret in secrets or SECRETS if any(form in data for form in forms(secret))]


def check_silent(what, *outputs):
    for output in outputs:
        true(not found_in(output), f"{what}: {found_in(output)} in {output[:600]!r}")


class Recorder(Liar):
    """A server in front of the simulator that lies about nothing and remembers what it was sent."""

    def __init__(self, sim, elsewhere=None):
        super().__init__(sim, {}, 0)
        self.heard, self.elsewhere = [], elsewhere

    def reply(self, method, target, body, headers):
        self.heard.append((method, target, dict(headers.items()), body))
        if self.elsewhere:
            return whole(self.elsewhere[0], [("Location", f"{self.elsewhere[1]}{target}")], b"")
        plain = target.partition("?")[0] if target.startswith("/rpc") else target
        return whole(*self.behind(method, plain.replace(f"/{IN_PATH}", ""), body))

    def heard_secrets(self):
        return {secret for each in self.heard for secret in found_in(repr(each).encode())}


def simulator():
    folder = SCRATCH / f"node-{next(_numbers)}"
    chain = chain_of_runs()
    node = write_chain({**chain, "pools": [{"mint": "a mint"}], "mints": [{"mint": "a mint"}],
                        "accounts": [{"pubkey": "a wallet", "owner": SYSTEM, "hex": ""}]}, folder)
    return Simulator({**dashboard_files(), **hub_files(HUB_DATA)}, rpc=node)


QUESTIONS = [{"action": action, "detail": detail} for detail in ("brief", "full")
             for action in ("list_runs", "pool_status", "network_stats", "contribute", "checkpoints")]
QUESTIONS += [{"action": "run_details", "run_id": "parts-run"}, {"action": "checkpoints", "run_id": "parts-run"},
              {"action": "checkpoints", "run_id": PARTS}, {"tool": "psyche_wallet", "arguments": {"address": WALLET}},
              {"tool": "doctor", "arguments": {"live": True}}, {"tool": "doctor"}, {"tool": "info"},
              {"action": "nonsense"}]


def settings(dashboard, node, hub, storage, **more):
    return {"dashboard.url": dashboard.url, "rpc.off": "false", "rpc.only_configured": "true", "hub.off": "false",
            "rpc.coordinator_url": f"{node.url}/rpc/{IN_PATH}", "rpc.pool_url": f"{node.url}/rpc?api-key={IN_POOL}",
            "rpc.url": f"{node.url}/rpc?api-key={IN_QUERY}", "hub.url": f"{hub.url}/hub",
            "gcs.url": f"{storage.url}/gcs", "hub.use_token": "true", **more}


def ask_all(how, store):
    """All that the library, the command and the server say."""
    environ["HF_TOKEN"] = TOKEN
    try:
        for _ in range(2):                  # from the network, and from what is kept
            with LIB.open({"now": NOW, "store": str(store), "override": how}) as monitor:
                for question in QUESTIONS:
                    yield f"{question}", monitor.call(question).text
        cli = Cli(settings={**how, "cache.path": str(store)}, environment={"PSYCHE_MONITOR_CACHE_OFF": "0"})
        for words in (["info"], ["doctor", "--live"], ["--summary", "doctor"], ["wallet", WALLET], ["--version"],
                      ["--summary", "call", '{"action":"list_runs"}'], ["call", '{"action":"pool_status"}']):
            done = cli.run(*words)
            yield f"{words}", done.out + done.err
        messages = [{"jsonrpc": "2.0", "id": 1, "method": "initialize",
                     "params": {"protocolVersion": "2025-11-25", "capabilities": {},
                                "clientInfo": {"name": "t", "version": "1"}}},
                    {"jsonrpc": "2.0", "id": 2, "method": "tools/call",
                     "params": {"name": "psyche_monitor", "arguments": {"action": "network_stats", "detail": "full"}}}]
        with cli.running("mcp") as process:
            process.stdin.write(b"".join(json.dumps(each).encode() + b"\n" for each in messages))
            yield "mcp", process.stdout.readline() + process.stdout.readline()
    finally:
        del environ["HF_TOKEN"]


@test
def to_its_own_host_alone():
    """Four servers: the key of the node's address goes to the node, the token to the hub, nothing to the others."""
    store = SCRATCH / "kept" / "store.db"
    with simulator() as sim, Recorder(sim) as dashboard, Recorder(sim) as node, Recorder(sim) as hub, \
            Recorder(sim) as storage:
        for what, output in ask_all(settings(dashboard, node, hub, storage), store):
            check_silent(what, output)
        equal(dashboard.heard_secrets(), set(), "what the dashboard was sent")
        equal(storage.heard_secrets(), set(), "what the storage was sent")
        equal(node.heard_secrets(), {IN_PATH, IN_POOL}, "what the node was sent")
        equal(hub.heard_secrets(), {TOKEN}, "what the hub was sent")
        true(storage.heard and dashboard.heard, "both were asked")
        true(all(IN_PATH in target or IN_POOL in target for _, target, _, _ in node.heard), "each with its own key")
        for server in (dashboard, node, hub, storage):
            for _, target, headers, _ in server.heard:
                names = {name.lower() for name in headers}
                true(not names & {"cookie", "referer", "proxy-authorization"}, f"{target}: {sorted(names)}")
                equal(headers.get("Authorization"), f"Bearer {TOKEN}" if server is hub else None, f"{target}")
    for path in store.parent.iterdir():
        check_silent(f"{path.name}", path.read_bytes())


@test
def not_where_a_redirect_leads():
    """A server that sends everybody elsewhere, with any status: nobody is asked there."""
    for status in (301, 302, 303, 307, 308):
        with simulator() as sim, Recorder(sim) as other:
            for name in ("dashboard", "node", "hub", "storage"):
                with Recorder(sim) as plain, Recorder(sim, elsewhere=(status, other.url)) as moved:
                    roles = {role: moved if role == name else plain for role in ("dashboard", "node", "hub", "storage")}
                    environ["HF_TOKEN"] = TOKEN
                    with LIB.open({"now": NOW, "store": False, "override": settings(**roles)}) as monitor:
                        for question in QUESTIONS[-9:-3]:
                            check_silent(f"{status} of {name}: {question}", monitor.call(question).text)
                    del environ["HF_TOKEN"]
                    true(moved.heard, f"{status}: {name} was asked")
                    equal(other.heard, [], f"{status} of {name}: asked elsewhere")


@test
def nobody_listens():
    """What is said of servers that refuse, break off and are not there."""
    for url in ("http://127.0.0.1:9", "https://localhost:9"):
        how = {"dashboard.url": url, "rpc.off": "false", "rpc.only_configured": "true", "hub.off": "false",
               "rpc.url": f"{url}/{IN_PATH}/x?api-key={IN_QUERY}", "hub.url": url, "gcs.url": url, "timeout_ms": "300",
               "hub.use_token": "true"}
        environ["HF_TOKEN"] = TOKEN
        with LIB.open({"override": how}) as monitor:
            for question in QUESTIONS:
                check_silent(f"{url}: {question}", monitor.call(question).text)
        del environ["HF_TOKEN"]


BAD_URLS = [f"https://{USER}:{PASSWORD}@node.example/x", f"{USER}:{PASSWORD}@node.example",
            f"http://node.example/{IN_PATH}", f"ftp://node.example/{IN_PATH}", f"https://node.example:99999/{IN_PATH}",
            f"https:/{IN_PATH}", f"node.example/{IN_PATH}", f"node.example?key={IN_QUERY}", f"https://?key={IN_QUERY}",
            f"//{IN_PATH}", f"https://node.example/{IN_PATH} x", f"https://[::1/{IN_PATH}", f"?{IN_QUERY}",
            f"https://a,https://node.example:x/{IN_PATH}", f"https://node.example?key={IN_QUERY}",
            f"https://{USER}:{PASSWORD}@", f"{IN_PATH}{IN_PATH}", f"x {IN_PATH}"]
BAD_KEYS = {"rpc.url": BAD_URLS, "rpc.pool_url": BAD_URLS, "dashboard.url": BAD_URLS[:-1], "hub.url": BAD_URLS[:-1],
            "gcs.url": BAD_URLS[:-1], "wallet.address": [PRIVATE_KEY * 5]}


@test
def in_a_complaint():
    """What is wrong with a setting is said without its secret, wherever it was set."""
    def check(name, text):
        with LIB.open({"override": {name: text}}) as monitor:
            yield f"{name} = {text!r}", monitor.call({"action": "list_runs"}).text
            yield f"{name} = {text!r}, info", monitor.call({"tool": "info"}).text
        config = SCRATCH / "with-secret.yaml"
        config.write_text(f"{name}: {json.dumps(text)}\n")
        with LIB.open({"config": str(config)}) as monitor:
            yield f"{name}: {text!r} in a file", monitor.call({"tool": "doctor"}).text
    for name, texts in BAD_KEYS.items():
        for text in texts:
            for what, output in check(name, text):
                check_silent(what, output)
    for text in BAD_URLS[:4]:
        done = Cli(settings={"rpc.url": text}).run("info")
        check_silent(f"--set rpc.url={text}", done.out, done.err)
    with_key = {"tool": "psyche_wallet", "arguments": {"address": PRIVATE_KEY * 5}}
    for words in (["--set", f"hub.token={TOKEN}", "info"], ["call", json.dumps(with_key)]):
        done = Cli().run(*words)
        check_silent(f"{words}", done.out, done.err)


@test
def of_an_env_file():
    """Of a Psyche client's own settings eight are read; what else stands there is nowhere to be found."""
    file = SCRATCH / "client.env"
    with simulator() as sim, Recorder(sim) as node:
        lines = [f"RPC={node.url}/rpc/{IN_PATH}", f"RPC_2={node.url}/rpc?api-key={IN_QUERY}", "RUN_ID=parts-run",
                 f"WALLET_PATH=/home/x/{WALLET_FILE}", f"WALLET_PRIVATE_KEY_PATH={WALLET_FILE}",
                 f"RAW_WALLET_PRIVATE_KEY={PRIVATE_KEY}", f"HF_TOKEN={TOKEN}", f"OTHER='{OTHER}'", f"ADDRESS={WALLET}"]
        file.write_text("\n".join(lines) + "\n")
        how = {"dashboard.url": sim.url, "rpc.off": "false", "rpc.only_configured": "true", "hub.off": "false",
               "hub.url": sim.hub_url, "gcs.url": sim.gcs_url, "hub.use_token": "true"}
        store = SCRATCH / "of-env" / "store.db"
        with LIB.open({"now": NOW, "env_file": str(file), "store": str(store), "override": how}) as monitor:
            for question in QUESTIONS:
                check_silent(f"{question}", monitor.call(question).text)
        equal(node.heard_secrets() - {IN_PATH, IN_QUERY}, set(), "what the node was sent")
        equal({line.authorization for line in sim.log()}, {"-"}, "a token of another program's file is not used")
    for path in store.parent.iterdir():
        check_silent(path.name, path.read_bytes())


# --- what is written --------------------------------------------------------------------------------


def tree(folder):
    """{path: mode} of all that is below a folder, links as links."""
    return {str(path.relative_to(folder)): stat.filemode(path.lstat().st_mode) for path in folder.rglob("*")}


# All that this program ever writes: one file and what SQLite keeps beside it, in folders of its own.
WRITTEN = {"cache": "drwx------", "cache/psyche-monitor": "drwx------",
           **{f"cache/psyche-monitor/store.db{ending}": "-rw-------" for ending in ("", "-wal", "-shm")}}


@test
def all_files_that_are_written():
    """With everything asked by everybody, under a umask that forbids nothing."""
    home = SCRATCH / "a-home"
    home.mkdir()
    outside = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config"),
               "TMPDIR": str(home / "tmp"), "PSYCHE_MONITOR_CACHE_OFF": "0"}
    before = os.umask(0)
    try:
        with simulator() as sim:
            how = {"rpc.off": "false", "rpc.only_configured": "true", "rpc.url": sim.rpc_url, "hub.off": "false",
                   "hub.url": sim.hub_url, "gcs.url": sim.gcs_url}
            cli = Cli(sim.url, settings=how, environment=outside)
            for words in ([*("call",), *map(json.dumps, QUESTIONS)], ["info"], ["doctor", "--live"], ["wallet", WALLET],
                          ["--summary", "doctor"], ["schema"], ["--help"]):
                equal(cli.run(*words, cwd=str(home)).err, b"", f"{words[0]}: standard error")
            with cli.running("mcp", cwd=str(home)) as process:
                process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"psyche_monitor",'
                                    b'"arguments":{"action":"list_runs"}}}\n')
                process.stdout.readline()
                equal(tree(home), WRITTEN, "while it runs: all that is there")
    finally:
        os.umask(before)
    written = tree(home)
    equal({name: mode for name, mode in written.items() if WRITTEN.get(name) != mode}, {}, "nothing but these")


@test
def links_are_refused():
    """A link in the place of the file, or of what SQLite keeps beside it, is not followed."""
    for number, ending in enumerate(("", "-wal", "-shm")):
        home, target = SCRATCH / f"linked-{number}", SCRATCH / f"target-{number}"
        folder = home / "cache" / "psyche-monitor"
        folder.mkdir(parents=True, mode=0o700)
        target.write_bytes(b"mine")
        (folder / f"store.db{ending}").symlink_to(target)
        with Simulator({"runs.json": make_list([make_run("a")]), "run/a/0.json": make_page(make_run("a"))}) as sim:
            done = Cli(sim.url, environment={"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
                                             "PSYCHE_MONITOR_CACHE_OFF": "0"}).ask({"action": "list_runs"})
        equal(done.status, 0, f"{ending}: answered all the same")
        true(any("is a symbolic link" in note for note in done.json["notes"]), f"{ending}: {done.json['notes']}")
        equal(target.read_bytes(), b"mine", f"{ending}: what the link leads to")


sys.exit(main())
