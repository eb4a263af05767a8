"""What both peers do: read on standard input what is to be asked, ask it some times, print a line each time.

The input is one object of JSON: `url` and `cacert` of the server, `trips` (lists of [method, path, body]:
what can be asked at once), `facts` (what the answer says), `times` and `seconds`. A line is CPU ms, wall ms
and bytes of the answer, as tests/tools/measure_calls.c prints them."""

import http.client
import json
import ssl
import sys
import time
from urllib.parse import urlsplit

LEAST_TIMES = 3


class Plan:
    def __init__(self, text):
        plan = json.loads(text)
        address = urlsplit(plan["url"])
        self.host, self.port = address.hostname, address.port
        self.trips, self.facts = plan["trips"], plan["facts"]
        self.times, self.seconds = plan["times"], plan["seconds"]
        self.is_kept = plan.get("keep", False)
        self.tls = ssl.create_default_context(cafile=plan["cacert"]) if plan.get("cacert") else None


def connect(plan):
    if plan.tls:
        return http.client.HTTPSConnection(plan.host, plan.port, context=plan.tls, timeout=30)
    return http.client.HTTPConnection(plan.host, plan.port, timeout=30)


def read_reply(connection, method, path, body):
    """The decoded reply, the cheapest way the standard library has."""
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, body=body or None, headers=headers)
    reply = connection.getresponse()
    text = reply.read()
    try:
        return json.loads(text)
    except ValueError:
        return None                       # a redirect has no body


def run(ask_all):
    """ask_all(plan) asks everything once."""
    plan = Plan(sys.stdin.read())
    if plan.is_kept:
        ask_all(plan)                     # not counted: it makes the connections
    until = time.monotonic() + plan.seconds
    for number in range(plan.times):
        if number >= LEAST_TIMES and time.monotonic() > until:
            break
        cpu, wall = time.process_time(), time.perf_counter()
        ask_all(plan)
        answer = json.dumps(plan.facts, indent=2)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(f"{cpu * 1e3:.4f} {wall * 1e3:.4f} {len(answer.encode())}", flush=True)
