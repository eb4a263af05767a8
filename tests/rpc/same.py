"""A real node in the place of the simulator's, and what their answers may differ in."""

import contextlib
import re

from real_server import RealServer

VERSION = re.compile(rb'"version":"\d+\.\d+\.\d+"')


def comparable(answers):
    """The version of a node's own software is all that may differ."""
    return VERSION.sub(b'"version":""', answers)


@contextlib.contextmanager
def serve(nodes):
    """{name: URL} of running nodes, given {name: a folder of accounts}."""
    with contextlib.ExitStack() as ends:
        yield {name: ends.enter_context(RealServer(folder)).rpc_url for name, folder in nodes.items()}
