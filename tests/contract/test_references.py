#!/usr/bin/env python3
"""test_references - the texts that answers quote.

An answer gives the first paragraph under a heading as the meaning of that word, so each heading
exists once, and its first paragraph is short and stands alone. Agents act on these texts: no hidden
characters, no command that takes a machine's root or runs what it has just downloaded, and every
address stands in links.md with its origin."""

import datetime
import re
import sys

from harness import ROOT, equal, main, test, true

FOLDER = ROOT / "references"
KEYS = {"title", "summary", "as_of", "sources", "topics"}
MEANING_LENGTHS = range(1, 301)
LINE_CHARACTERS = 100
FILE_BYTES = 9600

HEADINGS = {
    "contribute": ["Compute", "Requirements", "Which GPU do I need?", "Joining a run",
                   "Authorization", "Rewards", "Leaving", "Pool", "Code", "Atropos", "Community"],
    "run-states": ["Uninitialized", "WaitingForMembers", "Warmup", "RoundTrain", "RoundWitness",
                   "Cooldown", "Finished", "Paused", "Dashboard states", "Incarnations",
                   "Abandoned runs", "Hidden runs"],
    "labels": ["[tracked]", "[tracked:not-found]", "[on-chain]", "[best-effort]", "[unverified]",
               "[guide]", "[local]", "found", "Agreement", "Status words"],
    "checkpoints": ["Hub", "Gcs", "P2P", "P2PGcs", "Ephemeral", "Dummy", "none",
                    "When a checkpoint is made", "Revision", "manifest.json",
                    "Before you download"],
    "links": ["Dashboard", "Documentation", "Source code", "Community", "Models", "Explorers"],
    "glossary": ["Coordinator", "Epoch", "Round", "Witness", "Client", "Incarnation", "Treasurer",
                 "Authorizer", "Mining pool", "DisTrO", "Slot", "Devnet", "Revision"],
    "commands": ["List the runs", "Look at one run", "Find the weights of a run",
                 "Look at the pool", "Look at a wallet", "Look at the network", "Learn how to take part",
                 "Tagged values", "Traps of the dashboard", "Ask the model hub with curl",
                 "Ask a Solana node with curl"],
    "on-chain": ["What the tool reads", "Which cluster", "Programs and their ids", "Accounts of a run",
                 "Account of the pool", "Listing runs from the chain", "When the search is refused",
                 "What only the chain knows", "Whom to trust"],
    "troubleshooting": ["Exit statuses", "Where settings come from", "Proxies",
                        "Set up the Hermes plugin", "Library missing", "Stale build",
                        "Slow in Hermes", "Result was cut", "MCP"],
}
# A page that is asked for by its heading is the first of that name: only these stand twice.
SHARED_HEADINGS = {"authorization", "community", "revision"}
# Lists in the code of which each word is a heading of troubleshooting.md.
WORD_LISTS = [("plugin/base/error.h", "PM_CODES"), ("plugin/net/outcome.h", "PM_STATUSES")]
# What the dashboard calls these; an answer looks them up.
DASHBOARD_STATES = ["active", "waitingForMembers", "completed", "paused", "funding"]

# Sentences that earlier guides had wrong: (file, heading, pattern that its meaning must match).
CORRECTIONS = [
    ("contribute", "Pool", r"USDC \(not SOL\)"),
    ("contribute", "Which GPU do I need?", r"[Nn]o official list of GPUs and no minimum"),
    ("checkpoints", "When a checkpoint is made", r"end of each epoch.*not every 500 steps"),
    ("run-states", "Hidden runs", r"every existing run has an account on chain"),
    ("on-chain", "Listing runs from the chain", r"All runs can be listed.*No wallet is needed"),
]

DANGERS = [
    (r"\bsudo\b", "asks for root"),
    (r"\b(?:curl|wget)\b[^\n]*\|\s*(?:ba|z)?sh\b", "runs what it downloads"),
    (r"\bsh\s+-c\s+\"?\$\(\s*(?:curl|wget)\b", "runs what it downloads"),
    (r"\brm\s+-rf\b", "deletes"),
    (r"\bRAW_WALLET_PRIVATE_KEY\b", "puts a private key into the environment"),
]

ORIGIN = re.compile(r"\bSource:\s|\((?:psyche-book |the website)")
SENTENCE_END = re.compile(r"[.?!](?:\s|$)")
URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^\s\"'`)\]]*)")
OTHER_SCHEMES = {"gs", "wss", "file"}     # names of places, and an env file's second endpoint
# Of these, links.md names the beginning.
PROGRAM_ADDRESSES = ["https://psyche.network/api", "https://huggingface.co/api/models"]


class Reference:
    """Front matter and sections. It reads only the few forms of YAML and Markdown that the
    references keep to, so that leaving them is noticed."""

    def __init__(self, path):
        self.name, self.text = path.stem, path.read_text(encoding="utf-8")
        front, _, self.body = self.text.removeprefix("---\n").partition("\n---\n")
        self.front = self.read_front(front) if self.text.startswith("---\n") else {}
        self.sections = self.read_sections(self.body)

    @staticmethod
    def read_front(text):
        found, key = {}, None
        for line in text.splitlines():
            row = re.fullmatch(r"([a-z_]+):(?: (.*))?", line)
            if row:
                key, value = row.group(1), row.group(2) or ""
                is_list = value.startswith("[") and value.endswith("]")
                found[key] = value[1:-1].split(", ") if is_list else value
            elif line.startswith("  - ") and key:
                found[key] = [*(found[key] or []), line[4:]]
            else:
                raise ValueError(f"front matter: {line!r}")
        return found

    @staticmethod
    def read_sections(body):
        """[(level, heading, [blocks])]; a block is the lines between two empty ones."""
        sections, is_code = [], False
        for line in body.splitlines():
            heading = None if is_code else re.fullmatch(r"(#+) (.+)", line)
            is_code ^= line.startswith("```")
            if heading:
                sections.append((len(heading.group(1)), heading.group(2), [[]]))
            elif not sections:
                true(not line, f"text before the first heading: {line!r}")
            elif line or is_code:
                sections[-1][2][-1].append(line)
            else:
                sections[-1][2].append([])
        return [(level, heading, [block for block in blocks if block])
                for level, heading, blocks in sections]

    def meaning(self, heading):
        for _, name, blocks in self.sections:
            if name.lower() == heading.lower() and blocks:
                return " ".join(blocks[0]).replace("`", "")
        return ""


REFERENCES = [Reference(path) for path in sorted(FOLDER.glob("*.md"))]
BY_NAME = {reference.name: reference for reference in REFERENCES}


def links_in(text):
    """(scheme, address without what ends a sentence) of every address."""
    for scheme, rest in URL.findall(text):
        yield scheme, f"{scheme}://{rest.rstrip('.,;:').rstrip('/')}"


def is_listed(address, listed):
    """`listed` has placeholders as <name>; a command has them as NAME."""
    below = [base for base in PROGRAM_ADDRESSES if re.match(re.escape(base) + "[/?]", address)]
    return address in listed or (below and below[0] in listed)


@test
def all_are_there():
    true(set(HEADINGS) <= set(BY_NAME), f"missing: {set(HEADINGS) - set(BY_NAME)}")
    for name, wanted in HEADINGS.items():
        have = [heading for _, heading, _ in BY_NAME[name].sections]
        for heading in wanted:
            true(heading in have, f"{name}: no heading {heading!r}")


@test
def front_matter():
    for reference in REFERENCES:
        front = reference.front
        equal(set(front), KEYS, f"{reference.name}: keys of its front matter")
        for key in ["title", "summary"]:
            value = front.get(key)
            true(isinstance(value, str) and value and ": " not in value and " #" not in value,
                 f"{reference.name}: {key} is plain text: {value!r}")
        true(front.get("summary", "").count(".") == 1 and front["summary"].endswith("."),
             f"{reference.name}: the summary is one sentence")
        true(datetime.date.fromisoformat(front["as_of"]), f"{reference.name}: as_of is a date")
        for key in ["sources", "topics"]:
            values = front.get(key)
            true(isinstance(values, list) and values and all(values), f"{reference.name}: {key}")
            true(not any(": " in value or " #" in value for value in values),
                 f"{reference.name}: {key} are plain text")
        for topic in front["topics"]:
            equal(topic, topic.lower(), f"{reference.name}: a topic")


@test
def headings():
    for reference in REFERENCES:
        names = [heading.lower() for _, heading, _ in reference.sections]
        equal(sorted(set(names)), sorted(names), f"{reference.name}: a heading stands twice")
        levels = [level for level, _, _ in reference.sections]
        equal(levels[:1], [1], f"{reference.name}: the first heading")
        equal(set(levels[1:]), {2}, f"{reference.name}: the other headings")
        equal(reference.sections[0][1], reference.front["title"], f"{reference.name}: the title")
    every = [heading.lower() for reference in REFERENCES for _, heading, _ in reference.sections]
    twice = {heading for heading in every if every.count(heading) > 1}
    equal(twice, SHARED_HEADINGS, "headings that stand in several references")


@test
def words_of_the_code():
    """An agent that meets one of them asks with it as a page."""
    for header, macro in WORD_LISTS:
        text = (ROOT / header).read_text()
        body = re.search(rf"#define {macro}\(X\)((?:.*\\\n)*.*)\n", text).group(1)
        words = re.findall(r'X\(\w+,\s*"([a-z_]+)"', body)
        true(len(words) > 5, f"{header}: rows of {macro}: {words}")
        for word in words:
            true(word == "ok" or BY_NAME["troubleshooting"].meaning(word),
                 f"troubleshooting.md has no heading {word}")


@test
def meanings():
    for reference in REFERENCES:
        for _, heading, blocks in reference.sections:
            where = f"{reference.name}, {heading}"
            meaning = reference.meaning(heading)
            true(len(meaning) in MEANING_LENGTHS, f"{where}: {len(meaning)} characters")
            true(meaning and meaning[0] not in "-|#>`" and not meaning[0].isdigit(),
                 f"{where}: begins with a paragraph, not with {meaning[:20]!r}")
            true(meaning.endswith("."), f"{where}: ends as a sentence: {meaning[-20:]!r}")
            true(not meaning.startswith(("Source:", "See ")), f"{where}: says something itself")
            true("://" not in meaning and "](" not in meaning, f"{where}: no address in a meaning")
            true(len(SENTENCE_END.findall(meaning)) <= 3, f"{where}: at most three sentences")
    pool = BY_NAME["contribute"].meaning("Pool")
    equal(len(SENTENCE_END.findall(pool)), 3, f"sentences on how the pool works: {pool}")


@test
def corrections():
    for name, heading, pattern in CORRECTIONS:
        meaning = BY_NAME[name].meaning(heading)
        true(re.search(pattern, meaning), f"{name}, {heading}: says {pattern}: {meaning}")
    table = [block for _, heading, blocks in BY_NAME["run-states"].sections
             if heading == "Dashboard states" for block in blocks if block[0].startswith("|")]
    for state in DASHBOARD_STATES:
        true(table and any(line.startswith(f"| `{state}` |") for line in table[0]),
             f"run-states: the dashboard's word {state}")


@test
def origins():
    """What is said of the outside world names its origin, section by section or row by row."""
    for reference in REFERENCES:
        true(len(reference.front["sources"]) >= 2, f"{reference.name}: names its sources")
    for name in ["contribute", "run-states", "checkpoints", "on-chain"]:
        for level, heading, blocks in BY_NAME[name].sections:
            text = "\n".join(line for block in blocks for line in block)
            says_all_in_other_sections = level == 1 or heading == "Compute"
            true(says_all_in_other_sections or ORIGIN.search(text), f"{name}, {heading}: no source")
    for row in re.sub(r"\n {2,}", " ", BY_NAME["links"].body).splitlines():
        true("://" not in row or "Origin: " in row, f"links: no origin: {row}")


@test
def form():
    for reference in REFERENCES:
        true(len(reference.text) <= FILE_BYTES, f"{reference.name}: at most {FILE_BYTES} bytes")
        true(reference.text.endswith("\n") and not reference.text.endswith("\n\n"),
             f"{reference.name}: ends with one newline")
        true(reference.text.count("\n```") % 2 == 0, f"{reference.name}: an open code block")
        for number, line in enumerate(reference.text.splitlines(), 1):
            where = f"{reference.name}:{number}"
            true(len(line) <= LINE_CHARACTERS, f"{where}: {len(line)} characters")
            true(line == line.rstrip(), f"{where}: blanks at the end")
            strange = sorted({f"U+{ord(c):04X}" for c in line if not 0x20 <= ord(c) < 0x7F})
            true(not strange, f"{where}: {strange}")


@test
def nothing_dangerous():
    for reference in REFERENCES:
        for pattern, what in DANGERS:
            found = re.search(pattern, reference.text)
            true(not found, f"{reference.name}: {found and found.group(0)!r} {what}")


@test
def addresses():
    listed = {address for _, address in links_in(BY_NAME["links"].text)}
    listed |= {re.sub(r"<([a-z]+)>", lambda name: name[1].upper(), each) for each in listed}
    true(len(listed) >= 15, f"links.md lists {len(listed)} addresses")
    for reference in REFERENCES:
        for scheme, address in links_in(reference.text):
            where = f"{reference.name}: {address}"
            if scheme not in OTHER_SCHEMES:
                equal(scheme, "https", where)
                true(is_listed(address, listed), f"{where} does not stand in links.md")
            elif scheme == "wss":
                true(address.replace("wss", "https") in listed, f"{where}: an unknown host")


@test
def named_files():
    for reference in REFERENCES:
        for file in re.findall(r"`((?:docs|tests|plugin|skill|references|scripts|cli)/[\w./-]*\w)`",
                               reference.text):
            true((ROOT / file).exists(), f"{reference.name}: {file} does not exist")
        true("](" not in reference.text, f"{reference.name}: links are written out")
        for file in re.findall(r"(?<![\w/])([a-z-]+\.md)\b", reference.text):
            true((FOLDER / file).exists(), f"{reference.name}: {file} does not exist")


sys.exit(main())
