#!/usr/bin/env python3
"""Proves that the simulator's hub and storage answer as recorded: repositories made from the recordings
give them back, value by value, with the same status, type and names of headers. test_sim_hub_more.py
shows what goes beyond."""

import json
import pathlib
import re
import sys
from os import environ

GOLDEN = environ.get("PSYCHE_GOLDEN_DIR")   # before harness empties the environment

from harness import Simulator, equal, main, skip, test, true  # noqa: E402
from hub_client import RUNS, ask, hub  # noqa: E402
from hub_data import digits, hub_files, repository  # noqa: E402

RECORDED = pathlib.Path(GOLDEN or "", "hub")
COMPUTED = ("id", "modelId", "author", "sha", "lastModified", "siblings")
SENT_BY_SERVER = {"connection"}             # and not by the hub
OF_THE_RECORDING = {"x-sample-origin"}


# --- as recorded ----------------------------------------------------------------------------


def body(name):
    return json.loads(next(RECORDED.glob(f"{name}-*.json")).read_text())


def head(name):
    """(status, {name in small letters: values}) of a recording."""
    lines = next(RECORDED.glob(f"{name}-*.headers")).read_text().splitlines()
    found = {}
    for line in lines[1:]:
        if line:
            key, value = line.split(":", 1)
            found.setdefault(key.lower(), []).append(value.strip())
    return int(lines[0].split()[1]), found


def from_siblings(rows):
    return [{"path": row["rfilename"], **({"oid": row["blobId"]} if "blobId" in row else {}),
             **({"size": row["size"]} if "size" in row else {}),
             **({"sha256": row["lfs"]["sha256"]} if "lfs" in row else {})} for row in rows]


def from_tree(rows):
    return [{**{name: value for name, value in row.items() if name not in ("type", "lfs")},
             **({"sha256": row["lfs"]["oid"]} if "lfs" in row else {})} for row in rows]


def from_info(info):
    """The repository of which this was told."""
    siblings = info.get("siblings", [])
    kept = {name: value for name, value in info.items() if name not in COMPUTED}
    if "usedStorage" in kept and any("size" in row for row in siblings):
        del kept["usedStorage"]
    commit = {"id": info.get("sha", digits(info["id"])), "title": "a commit",
              "date": info.get("lastModified", "2026-11-20T21:04:09.000Z")}
    return {f"hub/{info['id']}.json": {"info": kept, "commits": [commit], "files": from_siblings(siblings)}}


def same_head(got, name, of, token=None):
    status, want = head(name)
    equal(got.status, status, f"{of}: status")
    names = {key.lower() for key in got.headers.keys()} - SENT_BY_SERVER
    equal(names, set(want) - OF_THE_RECORDING, f"{of}: headers")
    for key in ("content-type", "x-error-code", "x-error-message", "x-total-count", "x-repo-commit",
                "accept-ranges", "x-linked-size", "x-linked-etag", "x-xet-hash", "x-powered-by", "x-cache",
                "ratelimit-policy", "www-authenticate", "cache-control", "server",
                "x-goog-storage-class", "x-goog-stored-content-length"):
        if key in want and not (token and key == "ratelimit-policy"):
            equal(got.headers.get(key), want[key][0], f"{of}: {key}")


def compare(sim, name, target, token=None, method="GET"):
    """The answer, after it was held against the recording."""
    got = ask(sim, target, token, method)
    same_head(got, name, name, token)
    file = next((path for path in RECORDED.glob(f"{name}-*") if path.suffix != ".headers"), None)
    if file and file.suffix == ".json":
        equal(got.json, json.loads(file.read_text()), f"{name}: body")
    elif file:
        equal(got.body.decode().replace("/hub/", "/"), file.read_text().replace("https://hub/", "https://"),
              f"{name}: body")
    return got


def needs_recordings(function):
    def run():
        if not GOLDEN:
            skip("sim recordings: PSYCHE_GOLDEN_DIR is not set")
            return
        function()
    run.__name__ = function.__name__
    return test(run)


@needs_recordings
def recorded_models():
    names = {"009": "acme-lab/tiny-1b?blobs=true", "010": "acme-lab/orion-32b/revision/main?blobs=true",
             "011": "acme-lab/orion-32b-broken?blobs=true", "013": "acme-lab/orion-32b-uploading?blobs=true",
             "014": "acme-lab/orion-32b-gated", "015": "acme-lab/withdrawn-7b",
             "017": "acme-lab/orion-32b-GGUF?blobs=true", "018": "acme-lab/orion-32b-lora?blobs=true"}
    files = dict(RUNS)
    for name in names:
        files.update(from_info(body(name)))
    files["hub/acme-lab/orion-32b-preview.json"] = {"moved_to": "acme-lab/orion-32b"}
    for name in ("baseModels", "childrenModelCount", "downloadsAllTime"):
        files["hub/acme-lab/orion-32b-lora.json"]["info"][name] = body("019")[name]
    with Simulator(files) as sim:
        for name, target in names.items():
            compare(sim, name, f"/hub/api/models/{target}")
        query = "&".join(f"expand={name}" for name in body("019") if name not in ("_id", "id"))
        compare(sim, "019", f"/hub/api/models/acme-lab/orion-32b-lora?{query}")
        missing = "/hub/api/models/acme-lab/does-not-exist"
        compare(sim, "021", missing, "hf_valid")
        compare(sim, "022", missing, "hf_revoked")
        anonymous = ask(sim, missing)
        equal((anonymous.status, anonymous.json, anonymous.headers.get("x-error-code")),
              (401, {"error": "Invalid username or password."}, None), "nobody asks")
        moved = ask(sim, "/hub/api/models/acme-lab/orion-32b-preview?blobs=true")
        same_head(moved, "023", "023")
        equal(moved.headers["location"], "/hub" + head("023")[1]["location"][0], "023: location")
        compare(sim, "025", "/hub/api/models/acme-lab/orion-32b-gated/commits/main")
        compare(sim, "026", "/hub/api/models/acme-lab/orion-32b/revision/step-99999")
        compare(sim, "031", "/hub/api/models/acme-lab/orion-32b/tree/main/no%2Fsuch")
        compare(sim, "034", "/hub/api/models/acme-lab/orion-32b/treesize/main/")
        compare(sim, "039", "/hub/api/models/acme-lab/tiny-1b/refs")
        compare(sim, "043", "/hub/acme-lab/orion-32b-broken/resolve/main/model-00009-of-00014.safetensors")
        compare(sim, "045", "/hub/acme-lab/orion-32b-gated/resolve/main/config.json", "hf_valid")
        compare(sim, "047", "/hub/acme-lab/orion-32b/resolve/nope/config.json")


@needs_recordings
def recorded_searches():
    files = dict(RUNS)
    for row in body("003") + body("002"):
        files.update(from_info(row))
    with Simulator(files) as sim:
        compare(sim, "001", "/hub/api/models?search=no-such-checkpoint-zz&limit=20&full=true")
        compare(sim, "002", "/hub/api/models?search=tiny-1b&author=acme-lab&limit=20")
        compare(sim, "003",
                "/hub/api/models?search=orion-32b&author=acme-lab&limit=20&full=true&sort=lastModified")
        compare(sim, "007", "/hub/api/models?expand=foo&limit=5")
    files = dict(RUNS)
    for row in body("006"):
        files.update(from_info(row))
    with Simulator(files) as sim:
        fields = "&".join(f"expand={name}" for name in body("006")[0] if name not in ("_id", "id"))
        compare(sim, "006", f"/hub/api/models?author=acme-lab&{fields}&limit=5")
    files = dict(RUNS)
    for row in body("005"):
        files.update(from_info(row))
    for i in range(20):
        files.update(from_info({**body("005")[0], "id": f"org-{i:02}/Orion-32B-more", "downloads": 9000 - i}))
    with Simulator(files) as sim:
        first = ask(sim, "/hub/api/models?search=orion-32b&sort=downloads&limit=20")
        equal([row["downloads"] for row in first.json], [9000 - i for i in range(20)], "the first page")
        compare(sim, "005", first.next)


@needs_recordings
def recorded_files():
    tree, info = body("027"), body("010")
    index = next(RECORDED.glob("041-*.json")).read_bytes()
    files = {**RUNS, **from_info(info), "hub/acme-lab/orion-32b/model.safetensors.index.json": index,
             **from_info(body("015"))}
    repo = files["hub/acme-lab/orion-32b.json"]
    repo["files"] = from_tree(tree)
    files["hub/acme-lab/withdrawn-7b.json"]["info"]["gated"] = False
    for name, rows in (("empty-repo", body("030")), ("bert", body("033"))):
        files[f"hub/acme-lab/{name}.json"] = {"commits": [{"id": digits(name)}], "files": from_tree(rows)}
    files["hub/acme-lab/run7.json"] = {"commits": [{"id": digits("run7")}], "tree_page": 2,
                                       "files": [{"path": "a", "oid": digits("a"), "size": 1},
                                                 *from_tree(body("029"))]}
    with Simulator(files) as sim:
        compare(sim, "027", "/hub/api/models/acme-lab/orion-32b/tree/main?recursive=true&expand=false")
        compare(sim, "010", "/hub/api/models/acme-lab/orion-32b/revision/main?blobs=true")
        compare(sim, "030", "/hub/api/models/acme-lab/empty-repo/tree/main?recursive=true")
        compare(sim, "033", "/hub/api/models/acme-lab/bert/tree/main?recursive=false&expand=true")
        path = "/hub/acme-lab/orion-32b/resolve/main/model.safetensors.index.json"
        hop = ask(sim, path)
        commit = info["sha"]
        equal(hop.status, 307, "a small file lies elsewhere on this host")
        equal(hop.body, b"Temporary Redirect. Redirecting to " + hop.headers["location"].encode(),
              "and says so")
        where = f"/hub/api/resolve-cache/models/acme-lab/orion-32b/{commit}/model.safetensors.index.json"
        true(hop.headers["location"].startswith(f"{where}?%2Facme-lab"), hop.headers["location"])
        got = compare(sim, "041", hop.headers["location"])
        equal((got.body == index, got.headers["etag"]), (True, head("041")[1]["etag"][0]), "041: bytes")
        away = compare(sim, "042", "/hub/acme-lab/orion-32b/resolve/main/model-00001-of-00014.safetensors",
                       method="HEAD")
        equal([away.headers["location"], away.headers["link"]],
              [head("042")[1]["location"][0], head("042")[1]["link"][0]], "042: where")
        compare(sim, "046", "/hub/acme-lab/withdrawn-7b/resolve/main/config.json")
        page = ask(sim, "/hub/api/models/acme-lab/run7/tree/main?recursive=true")
        equal([row["type"] for row in page.json], ["file", "directory"], "a folder before what is in it")
        rest = [*ask(sim, page.next).json, *ask(sim, ask(sim, page.next).next).json]
        equal(rest, body("029"), "029: body")


@needs_recordings
def recorded_histories():
    more = [{"id": digits(f"more {i}"), "title": f"step {i}", "date": "2026-11-18T00:00:00.000Z"}
            for i in range(26)]
    refs = body("038")

    def named(rows):
        return {row["name"]: row["targetCommit"] for row in rows}

    files = {**RUNS,
             "hub/acme-lab/orion-32b-run7.json": {
                 "commits": body("035") + more[:3], "branches": named(refs["branches"]),
                 "tags": named(refs["tags"]), "pull_requests": named(refs["pullRequests"])},
             "hub/openai-community/gpt2.json": {"commits": body("037") + more[:21]}}
    with Simulator(files) as sim:
        for name, target in (("035", "acme-lab/orion-32b-run7/commits/main?p=0&limit=10"),
                             ("037", f"openai-community/gpt2/commits/{body('037')[0]['id']}?limit=5")):
            got = compare(sim, name, f"/hub/api/models/{target}")
            want = head(name)[1]["link"][0].replace("https://huggingface.co", sim.hub_url)
            equal(got.headers["link"], want, f"{name}: link")
        compare(sim, "038", "/hub/api/models/acme-lab/orion-32b-run7/refs?include_prs=1")
        last = ask(sim, "/hub/api/models/acme-lab/orion-32b-run7/commits/main?p=1&limit=10")
        equal((len(last.json), last.next, last.headers["x-total-count"]), (3, None, "13"), "the last page")


@needs_recordings
def recorded_refusals_and_storage():
    texts = {name: next(path for path in RECORDED.glob(f"{name}-*") if path.suffix != ".headers").read_text()
             for name in ("049", "050", "053", "054")}
    search = "/hub/api/models?search=x"
    with hub({"id": "acme-lab/tiny-1b"}, moods={"api": 1, "seconds": 120}) as sim:
        equal(ask(sim, search).headers["ratelimit"], '"api";r=0;t=120', "the last one")
        got = ask(sim, search)
        same_names = {key.lower() for key in got.headers.keys()} - SENT_BY_SERVER
        equal((got.status, same_names), (429, set(head("049")[1]) - OF_THE_RECORDING), "049")
        equal(list(got.json), list(json.loads(texts["049"])), "049: body")
        equal(got.headers["ratelimit"], '"api";r=0;t=120', "049: when")
        equal(ask(sim, "/hub/acme-lab/tiny-1b/resolve/main/config.json").status, 307, "counted apart")
    faults = [f"/hub/resolve=>status=429+body={texts['050']}+retry-after=30+header=X-Linked-ETag"
              "+header=Location+header=X-Repo-Commit+header=Accept-Ranges+header=Content-Disposition",
              f"/hub/model=>status=451+body={texts['053']}", f"/hub/search=>body={texts['054']}"]
    with Simulator({**RUNS, **hub_files({"repositories": [{"id": "acme-lab/tiny-1b"}]})},
                   *(word for fault in faults for word in ("--fault", fault))) as sim:
        got = ask(sim, "/hub/acme-lab/tiny-1b/resolve/main/config.json")
        equal((got.status, got.body.decode(), got.headers["retry-after"]), (429, texts["050"], "30"), "050")
        equal({key.lower() for key in got.headers.keys()} - SENT_BY_SERVER,
              set(head("050")[1]) - OF_THE_RECORDING, "050: headers")
        equal((ask(sim, "/hub/api/models/acme-lab/tiny-1b").status, ask(sim, search).json),
              (451, json.loads(texts["054"])), "053, 054")
    manifest = next(RECORDED.glob("055-*.json")).read_bytes()
    with Simulator({**RUNS, "gcs/acme-public-runs/orion-32b/run7/manifest.json": manifest,
                    "gcs/acme-public-runs-private.denied": ""}) as sim:
        got = compare(sim, "055", "/gcs/acme-public-runs/orion-32b/run7/manifest.json")
        equal([value.split("=")[0] for value in got.headers.get_all("x-goog-hash")], ["crc32c", "md5"],
              "twice")
        true(re.fullmatch(r"\d{16}", got.headers["x-goog-generation"]), "generation")
        compare(sim, "057", "/gcs/acme-public-runs-private/manifest.json")
        compare(sim, "058", "/gcs/no-such-bucket-acme/manifest.json")


# --- from which folder ----------------------------------------------------------------------

@test
def folders():
    with hub({"id": "acme-lab/one"}) as sim:
        equal(ask(sim, "/hub/acme-lab/one").status, 404, "the hub's folder is no reply of the dashboard")
        with Simulator(RUNS, hub=sim.folder) as other:
            equal(ask(other, "/hub/api/models/acme-lab/one").status, 200, "from a folder of its own")
            equal(ask(other, "/runs").json, {"runs": []}, "beside the dashboard")
        with Simulator(sim.folder, "--reload") as other:
            equal(ask(other, "/hub/api/models/acme-lab/two").status, 401, "not yet")
            made = repository(id="acme-lab/two")[0]
            (sim.folder / "hub/acme-lab/two.json").write_text(json.dumps(made))
            equal(ask(other, "/hub/api/models/acme-lab/two").status, 200, "now")
    with Simulator(RUNS) as sim:
        equal((ask(sim, "/hub/api/models").json, ask(sim, "/gcs/b/o").status), ([], 404), "an empty hub")


sys.exit(main())
