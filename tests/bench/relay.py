#!/usr/bin/env python3
"""relay.py PORT DELAY_MS [RECORD] - carries connections to 127.0.0.1:PORT and back, each byte DELAY_MS later.

Prints the port it listens on. It looks at nothing, so TLS passes through and pays for its handshake.
RECORD is a file for what clients sent, a line of JSON a piece: [connection, seconds, text]."""

import asyncio
import json
import sys

PIECE = 1 << 17


class Relay:
    def __init__(self, port, delay_s, record):
        self.port, self.delay_s, self.record = port, delay_s, record
        self.connections = 0

    def note(self, connection, piece):
        if self.record:
            line = [connection, asyncio.get_running_loop().time(), piece.decode("latin-1")]
            print(json.dumps(line), file=self.record, flush=True)

    async def carry(self, reader, writer, connection=None):
        """Pieces do not wait for each other's delay, only for their own."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                piece = await reader.read(PIECE)
            except ConnectionError:
                piece = b""
            if piece and connection:
                self.note(connection, piece)
            loop.call_later(self.delay_s, self.pass_on, writer, piece)
            if not piece:
                return

    @staticmethod
    def pass_on(writer, piece):
        if piece and not writer.is_closing():
            writer.write(piece)
        elif not writer.is_closing():
            writer.close()

    async def serve(self, reader, writer):
        self.connections += 1
        number = self.connections
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self.carry(reader, far_writer, number), self.carry(far_reader, writer))


async def main(port, delay_ms, record=None):
    with open(record or "/dev/null", "w") as file:
        relay = Relay(int(port), float(delay_ms) / 1e3, file if record else None)
        server = await asyncio.start_server(relay.serve, "127.0.0.1", 0, backlog=256)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        pass
