#!/usr/bin/env python3
"""What tests say of the hub and of the storage, made into the files that psyche-sim plays:
write_hub({...}, FOLDER) writes FOLDER/hub and FOLDER/gcs, hub_files({...}) gives them by name.

    {"repositories": [{"id": "PsycheFoundation/a-model", "shards": 14, "steps": [300, 200, 100]}],
     "manifests": [{"bucket": "a-bucket", "prefix": "a-run", "step": 200, "epoch": 7, "shards": 14}],
     "buckets": {"b": {"any/object.json": {}}}, "denied": ["c"], "unlisted": ["b"],
     "moods": {"api": 3, "seconds": 60, "links_to": "https://huggingface.co"}}

A repository is its id and any of these; repository() makes it.
  shards          how many, or what shards() takes: {"count": 14, "missing": [9], "index": false}
  single          bytes of the one file model.safetensors
  files           more files: {"adapter_config.json": 812, "README.md": "# text"}, or a list of
                  {"path", "size", "large", "content", "redirect_to"}; a file whose name says that
                  it holds weights is a large one
  bare            true: without README.md, config.json and so on
  many            that many files more, in folders
  steps           steps of the commits, newest first, or what commits() takes
  commits         the commits themselves, newest first: {"title", "date", "id", "message"}; one may
                  have shards, single, files or many of its own
  branches, tags  of revisions: {"name": the place, the title or the id of a commit}
  gated, private, disabled, downloads, likes, license, labels
  info, without, readers, found_for, tree_page, moved_to, redirect_to
                  as tests/sim/hub_repo.h says; info has the last word"""

import datetime
import hashlib
import json
import pathlib
import sys

from simulator import write_folder

LAST = "2026-11-21T04:00:00.000Z"         # of the newest commit
TENSOR_HEADER = 8 + 5432                  # bytes before the data of a safetensors file
LARGE = (".safetensors", ".bin", ".gguf", ".pt", ".pth", ".h5", ".onnx", ".msgpack")
PLAIN = {".gitattributes": 1519, "README.md": 2310, "config.json": 742, "generation_config.json": 194,
         "special_tokens_map.json": 551, "tokenizer_config.json": 51042}
TOKENIZER = {"path": "tokenizer.json", "size": 11422654, "large": True}
OWN_FILES = ("shards", "single", "files", "many", "bare")
AS_THEY_ARE = ("without", "readers", "found_for", "tree_page", "moved_to", "redirect_to", "pull_requests")
FLAGS = ("gated", "private", "disabled", "downloads", "likes")
KNOWN = {"id", "steps", "commits", "branches", "tags", "license", "labels", "info", *OWN_FILES, *AS_THEY_ARE,
         *FLAGS}
MOODS = {"links_to", "api", "resolvers", "seconds"}


def digits(words, count=40):
    """Hex digits that follow from a text and look like a hash."""
    return hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()[:count]


def to_bytes(content):
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


# --- files ----------------------------------------------------------------------------------


def shard_name(number, count, prefix="model", ending="safetensors"):
    return f"{prefix}-{number:05}-of-{count:05}.{ending}"


def index_of(names, total_size, tensors=5):
    """What a weight index says: the names have so many tensors each."""
    weights = {f"model.layers.{i}.weight_{k}": name for i, name in enumerate(names) for k in range(tensors)}
    metadata = {} if total_size is None else {"total_size": total_size}
    return {"metadata": metadata, "weight_map": weights}


def shards(count, total=59905880064, missing=(), empty=(), index=True, total_size=True, prefix="model",
           ending="safetensors", named=None, tensors=5):
    """The files of a checkpoint in parts. `total` is the bytes of its tensors; total_size what the index
    says of them (True: the same; None: nothing); `missing` and `empty` are numbers of parts; `named` the
    names in the index, when they are others; index an index itself, or false for none."""
    part = total // count
    sizes = [part + TENSOR_HEADER] * (count - 1) + [total - part * (count - 1) + TENSOR_HEADER]
    names = [shard_name(i + 1, count, prefix, ending) for i in range(count)]
    files = [{"path": name, "size": 0 if i in empty else size, "large": True}
             for i, (name, size) in enumerate(zip(names, sizes), 1) if i not in missing]
    if index is True:
        index = index_of(named or names, total if total_size is True else total_size, tensors)
    if index is not False:
        files.append({"path": f"{prefix}.{ending}.index.json", "content": index})
    return files


def many_files(count):
    return [{"path": f"data/part-{i // 100:03}/file-{i:05}.txt", "size": 100 + i} for i in range(count)]


def given_files(files):
    """A list of files, or {path: size or content} made into one."""
    if isinstance(files, dict):
        return [{"path": path, "size" if isinstance(value, int) else "content": value}
                for path, value in files.items()]
    return list(files)


def make_file(repo_id, file):
    """(the file as psyche-sim wants it, its bytes or None)"""
    file, content = dict(file), None
    is_large = file.pop("large", isinstance(file["path"], str) and file["path"].endswith(LARGE))
    if "content" in file:
        content = to_bytes(file.pop("content"))
        file.setdefault("size", len(content))
    words = f"{repo_id} {file['path']} {file.get('size')}"
    file.setdefault("oid", digits(f"blob {words}"))
    if is_large:
        file.setdefault("sha256", digits(f"bytes {words}", 64))
    return file, content


def make_files(repo_id, what):
    """(files in the order of their paths, {path: bytes})"""
    files = [] if what.get("bare") else [*given_files(PLAIN), TOKENIZER]
    if "single" in what:
        files.append({"path": "model.safetensors", "size": what["single"]})
    if "shards" in what:
        parts = what["shards"]
        files += shards(**parts) if isinstance(parts, dict) else shards(parts)
    files += many_files(what.get("many", 0)) + given_files(what.get("files", []))
    by_path = {str(file["path"]): file for file in files}     # the last one said of a path
    made, contents = [], {}
    for path in sorted(by_path):
        file, content = make_file(repo_id, by_path[path])
        made.append(file)
        contents.update({path: content} if content is not None else {})
    return made, contents


# --- commits --------------------------------------------------------------------------------


def commits(steps, last=LAST, minutes=180, title="step {step}", initial=True, user="psyche-bot"):
    """A commit a step, newest first, and the one by which a repository begins."""
    moment = datetime.datetime.strptime(last, "%Y-%m-%dT%H:%M:%S.%fZ")
    rows = []
    for number, step in enumerate(steps):
        then = moment - datetime.timedelta(minutes=minutes * number)
        rows.append({"title": title.format(step=step), "authors": [{"user": user}],
                     "date": then.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
    if initial:
        then = moment - datetime.timedelta(minutes=minutes * len(steps))
        rows.append({"title": "initial commit", "authors": [{"user": "system"}],
                     "date": then.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
    return rows


def make_commits(what):
    """(commits with ids, what each of them says of its own files)"""
    steps = what.get("steps", [])
    rows = what.get("commits")
    if rows is None:
        rows = commits(**steps) if isinstance(steps, dict) else commits(steps)
    made, own = [], []
    for number, row in enumerate(rows):
        more = {name: value for name, value in row.items() if name not in OWN_FILES}
        words = f"commit {len(rows) - number} {row.get('title')} of {what['id']}"
        made.append({"id": digits(words), "date": LAST, **more})
        own.append({name: value for name, value in row.items() if name in OWN_FILES})
    return made, own


def commit_id(repo_id, place, rows):
    """The id of a commit by its place from the newest, by its title, or itself."""
    if isinstance(place, int):
        return rows[place]["id"]
    return next((row["id"] for row in rows if row.get("title") == place), place)


def repository(**what):
    """(the repository as psyche-sim wants it, {name of a file below hub/: bytes})"""
    unknown = set(what) - KNOWN
    if unknown:
        raise ValueError(f"no repository has {sorted(unknown)}")
    repo_id = what["id"]
    rows, own = make_commits(what)
    made, contents = make_files(repo_id, what)
    bodies = {f"{repo_id}/{path}": content for path, content in contents.items()}
    for row, mine in zip(rows, own):
        if mine:
            row["files"], contents = make_files(repo_id, {"bare": what.get("bare", False), **mine})
            bodies.update({f"{repo_id}@{row['id']}/{path}": content for path, content in contents.items()})
    license_of = {"cardData": {"license": what["license"]}} if "license" in what else {}
    labels = {"tags": what["labels"]} if "labels" in what else {}
    info = {**{name: what[name] for name in FLAGS if name in what}, **license_of, **labels,
            **what.get("info", {})}
    refs = {kind: {name: commit_id(repo_id, place, rows) for name, place in what.get(kind, {}).items()}
            for kind in ("branches", "tags")}
    return {"info": info, "commits": rows, "files": made, **refs,
            **{name: what[name] for name in AS_THEY_ARE if name in what}}, bodies


# --- storage --------------------------------------------------------------------------------


def manifest(bucket, prefix="", step=0, epoch=0, run_id="a-run", timestamp="2026-11-21T04:30:11Z", shards=0,
             total=59905880064, files=None, headers=None):
    """{name of a file below gcs/: content} of the manifest of an upload."""
    names = ["model.safetensors"] if shards == 1 else [shard_name(i + 1, shards) for i in range(shards)]
    rows = [{"filename": name, "generation": 1795235411000000 + i, "size_bytes": total // shards}
            for i, name in enumerate(names)]
    content = {"metadata": {"timestamp": timestamp, "epoch": epoch, "step": step, "run_id": run_id},
               "files": rows if files is None else files}
    path = f"{bucket}/{prefix}{'/' if prefix else ''}manifest.json"
    return {path: content, **({f"{path}.headers": headers} if headers else {})}


def storage_files(hub):
    found = {}
    for row in hub.get("manifests", []):
        found.update(manifest(**row))
    for bucket, objects in hub.get("buckets", {}).items():
        found.update({f"{bucket}/{path}": content for path, content in objects.items()} or
                     {f"{bucket}/.empty": ""})
    for kind in ("denied", "unlisted"):
        found.update({f"{bucket}.{kind}": "" for bucket in hub.get(kind, [])})
    return {f"gcs/{name}": content for name, content in found.items()}


# --- folders --------------------------------------------------------------------------------


def hub_files(hub):
    """{name: content}: what psyche-sim's folder has to hold."""
    unknown = set(hub) - {"repositories", "manifests", "buckets", "denied", "unlisted", "moods"}
    unknown |= set(hub.get("moods", {})) - MOODS
    if unknown:
        raise ValueError(f"no hub has {sorted(unknown)}")
    found = storage_files(hub)
    for row in hub.get("repositories", []):
        made, bodies = repository(**row)
        found[f"hub/{row['id']}.json"] = to_bytes(made)
        found.update({f"hub/{name}": content for name, content in bodies.items()})
    if "moods" in hub:
        found["hub/moods.json"] = hub["moods"]
    return found


def write_hub(hub, folder):
    """The folder, which Simulator takes as hub=."""
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    write_folder(folder, hub_files(hub))
    return pathlib.Path(folder)


def hub_settings(sim, **more):
    """The settings by which the simulator's hub and storage are asked."""
    return {"hub.off": "false", "hub.url": sim.hub_url, "gcs.url": sim.gcs_url, **more}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write_hub(json.loads(pathlib.Path(sys.argv[1]).read_text()), sys.argv[2])
