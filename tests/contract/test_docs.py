#!/usr/bin/env python3
"""test_docs - what the documents show is what happens.

Every ```console block of README.md is run against the simulator, at the moment of the recordings, and its
output compared (UPDATE=1 rewrites it). Files that are linked exist, make targets that are named exist, and
the tables made from the code are up to date."""

import re
import subprocess
import sys
from os import environ

from demo_world import DASHBOARD, write_world
from harness import BUILD, NOW, ROOT, SCRATCH, Simulator, main, test, true

UPDATE = bool(environ.get("UPDATE"))
DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/configuration.md",
             "docs/hermes.md", "docs/mcp.md", "docs/performance.md", "docs/faults.md", "after-install.md"]
CONSOLE = re.compile(r"```console\n(.*?)```", re.S)


def environment_of(sim):
    return {**environ, "PSYCHE_API_URL": sim.url, "SOLANA_RPC_URL": sim.rpc_url, "PSYCHE_POOL_RPC_URL": sim.node_url("rpc-pool"),
            "HF_ENDPOINT": sim.hub_url, "PSYCHE_GCS_URL": sim.gcs_url,
            "PSYCHE_MONITOR_RPC_OFF": "0", "PSYCHE_MONITOR_HUB_OFF": "0"}


def run_block(block, sim):
    """The block again, with the output its commands have now."""
    shell = (f'psyche-monitor() {{ "{BUILD}/psyche-monitor" --set now={NOW} --set rpc.only_configured=true "$@"; }}'
             '\n')
    parts = []
    for command in [line[2:] for line in block.splitlines() if line.startswith("$ ")]:
        done = subprocess.run(["bash", "-c", shell + command], capture_output=True, text=True, timeout=30,
                              env=environment_of(sim))
        output = "\n".join(line.rstrip() for line in (done.stdout + done.stderr).splitlines())
        parts.append(f"$ {command}\n{output}\n")
    return "".join(parts)


@test
def console_blocks():
    path = ROOT / "README.md"
    text = path.read_text()
    blocks = CONSOLE.findall(text)
    true(len(blocks) >= 3, "README.md shows what the command prints")
    with Simulator(*DASHBOARD, **write_world(SCRATCH / "world")) as sim:
        for block in blocks:
            fresh = run_block(block, sim)
            if UPDATE:
                text = text.replace(block, fresh)
            true(UPDATE or fresh == block, f"README.md is out of date (UPDATE=1 rewrites it); now:\n{fresh}")
    if UPDATE:
        path.write_text(text)


@test
def references():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))
    for name in DOCUMENTS:
        path = ROOT / name
        text = CONSOLE.sub("", path.read_text())
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            true("://" in link or (path.parent / link).exists(), f"{name}: {link} does not exist")
        for target in re.findall(r"`(?:LIVE=1 )?make ([a-z-]+)", text):
            true(target in targets, f"{name}: there is no target {target}")
        for file in re.findall(r"`((?:plugin|cli|tests|scripts|docs|include)/[\w./-]*\w)`", text):
            true((ROOT / file).exists(), f"{name}: {file} does not exist")


@test
def named_tests():
    """What SECURITY.md claims is shown by tests that are there: `test_x.subject`, `test_x` for a whole file."""
    named = re.findall(r"`((?:test|fuzz)_\w+)(?:\.(\w+))?`", (ROOT / "SECURITY.md").read_text())
    true(len(named) > 30, f"{len(named)} tests are named")
    for name, subject in named:
        files = [*ROOT.glob(f"tests/*/{name}.py"), *ROOT.glob(f"tests/*/{name}.c")]
        if true(files, f"SECURITY.md: {name}: no such file") and subject:
            is_there = rf"^(@test\ndef|static void) {subject}\("
            true(any(re.search(is_there, file.read_text(), re.MULTILINE) for file in files),
                 f"SECURITY.md: {name} has no {subject}")


@test
def generated_tables():
    done = subprocess.run([ROOT / "scripts/docs-tables", "--check"], capture_output=True, text=True, timeout=30)
    true(done.returncode == 0, done.stderr)


sys.exit(main())
