"""Asks the simulated hub and storage as a client does that follows nothing by itself."""

import http.client
import json
import re

from harness import Simulator
from hub_data import hub_files

RUNS = {"runs.json": {"runs": []}}


class Answer:
    def __init__(self, reply):
        self.status, self.headers, self.body = reply.status, reply.headers, reply.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def next(self):
        """The target of the Link to the next page, or None."""
        found = re.fullmatch(r'<https?://[^/]+(/[^>]*)>; rel="next"', self.headers.get("link", ""))
        return found and found.group(1)


def ask(sim, target, token=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=20)
    try:
        connection.request(method, target, headers={"Authorization": f"Bearer {token}"} if token else {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def hub(*rows, **more):
    return Simulator({**RUNS, **hub_files({"repositories": rows, **more})})
