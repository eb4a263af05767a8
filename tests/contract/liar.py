"""A server that stands in front of a simulator and says what a hostile one could: all the texts in the replies of
dashboard, hub, storage and node are others, made from a seed and the request alone, so that the same seed gives the
same replies in whatever order they are asked for.

    with Liar(sim, pages, seed) as liar:
        LIB.at(liar.url, override=liar.settings)

`pages` are replies of the dashboard by their path, before it is encoded; what is not among them is asked of the
simulator."""

import http.client
import json
import urllib.parse
import zlib
from random import Random

import loopback
from hygiene import hostile, to_json

TAGS = "\u0fcf"
# A reply has to be understood for its texts to get anywhere: what names a kind of thing stays, mostly.
KINDS = {"type", "status", "phase", "method", "id", "modelId", "_id", "sha", "oid", "jsonrpc", "owner", "data",
         "encoding", "programId", "networkGenesis", "collateralMintAddress", "repo_id", "revision", "arch", "rfilename"}
KEPT_HEADERS = ("content-type", "location", "link", "x-repo-commit", "x-total-count", "x-goog-generation",
                "x-error-code")
FAULTS = [403, 404, 418, 429, 500, 503]
HEADERS = ("Retry-After", "X-Error-Message", "X-Error-Code", "Location", "Link", "WWW-Authenticate", "Content-Type")


def spoil(value, random, marker, share=0.4, key=""):
    """The value with other texts in it, and some of its keys."""
    if isinstance(value, dict):
        pairs = [(hostile(random, marker) if random.random() < share / 40 else name,
                  spoil(inner, random, marker, share, name)) for name, inner in value.items()]
        return dict(pairs)
    if isinstance(value, list):
        return [spoil(inner, random, marker, share, key) for inner in value]
    if isinstance(value, str) and random.random() < share / (8 if key in KINDS or value.startswith(TAGS) else 1):
        return hostile(random, marker)
    return value


def whole(status, headers, body, reason="x"):
    """A reply as bytes."""
    more = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = f"HTTP/1.1 {status} {reason}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("utf-8", "surrogateescape") + body


class Liar(loopback.Served):
    def __init__(self, sim, pages, seed, marker="zqt"):
        self.sim, self.pages, self.seed, self.marker = sim, pages, seed, marker

    def handler(self):
        outer = self

        class Lying(loopback.Handler):
            def do_GET(self):
                self.wfile.write(outer.reply("GET", self.path, b"", self.headers))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                self.wfile.write(outer.reply("POST", self.path, body, self.headers))

        return Lying

    @property
    def settings(self):
        return {"rpc.off": "false", "rpc.only_configured": "true", "rpc.url": f"{self.url}/rpc", "hub.off": "false",
                "hub.url": f"{self.url}/hub", "gcs.url": f"{self.url}/gcs"}

    def behind(self, method, target, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=20)
        try:
            connection.request(method, target, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            headers = [(name, value.replace(self.sim.url, self.url)) for name, value in answer.getheaders()
                       if name.lower() in KEPT_HEADERS]
            return answer.status, headers, answer.read()
        finally:
            connection.close()

    def reply(self, method, target, body, _headers):
        """The whole of it, as bytes."""
        random = Random(zlib.crc32(target.encode() + body) * 1000003 + self.seed)
        path = urllib.parse.unquote_to_bytes(target.partition("?")[0])
        own = self.pages.get(path)
        if own is not None:
            status, headers, text = 200, [], to_json(own, random)
        else:
            status, headers, text = self.behind(method, target, body)
        if random.random() < 0.08:
            status, headers, text = self.fault(random, is_node=method == "POST")
        elif own is None:
            text = self.other_texts(text, random, is_node=method == "POST")
        return whole(status, headers, text, self.header_text(random))

    def header_text(self, random):
        return "".join(char for char in hostile(random, self.marker) if char not in "\r\n\0")[:500]

    def fault(self, random, is_node):
        """A refusal in words of its own."""
        words = hostile(random, self.marker)
        of_node = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": words, "data": words}}
        of_others = [{"error": words}, {"error": {"message": words, "name": words}}, {"error": words, "message": words},
                     words, [words], of_node]
        headers = [(name, self.header_text(random)) for name in HEADERS if random.random() < 0.5]
        status = 200 if is_node and random.random() < 0.7 else random.choice(FAULTS)
        if random.random() < 0.2:
            return status, headers, f"<html>{words}</html>".encode("utf-8", "surrogateescape")
        return status, headers, to_json(of_node if is_node else random.choice(of_others), random)

    def other_texts(self, text, random, is_node):
        """Of a node the accounts stay: what is in them was hostile when they were made."""
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return to_json(spoil(value, random, self.marker, share=0.05 if is_node else 0.3), random)


class Truth(Liar):
    """The same without a lie: the pages as they are, in bytes that need not be UTF-8."""

    def __init__(self, sim, pages):
        super().__init__(sim, pages, 0)

    def reply(self, method, target, body, _headers):
        own = self.pages.get(urllib.parse.unquote_to_bytes(target.partition("?")[0]))
        if own is None:
            return whole(*self.behind(method, target, body))
        return whole(200, [], json.dumps(own, ensure_ascii=False).encode("utf-8", "surrogateescape"))
