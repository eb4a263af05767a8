// server.mjs [PARENT] - a real Solana node on loopback, filled by whoever started it.
//
// PARENT is the address of a node whose cluster and slot it takes over (parent.py); without one it
// is a network of its own. Its slot stands still, so that answers can be compared.
//
// Writes its address, then reads a line a time: {"pubkey", "owner", "lamports", "data" in base64,
// "executable"} sets an account, and is answered with "ok" or with what is wrong. A program is a small
// one of the node's own making: its bytes are not ours to choose. Ends with its standard input. The
// package is looked for where the program is run.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const { Surfnet } = require('@solana/surfpool-linux-x64-gnu');
const HOUR_MS = 3600000;
const network = process.argv[2] ? { remoteRpcUrl: process.argv[2] } : { offline: true };
const node = Surfnet.startWithConfig({ ...network, slotTimeMs: HOUR_MS });

async function writeProgram(pubkey) {
  const question = { jsonrpc: '2.0', id: 1, method: 'surfnet_writeProgram', params: [pubkey, '00', 0] };
  const headers = { 'Content-Type': 'application/json' };
  const reply = await fetch(node.rpcUrl, { method: 'POST', headers, body: JSON.stringify(question) });
  const { error } = await reply.json();
  if (error) {
    throw new Error(JSON.stringify(error));
  }
}

console.log(node.rpcUrl);
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const { pubkey, lamports, data, owner, executable } = JSON.parse(line);
    if (executable) {
      await writeProgram(pubkey);
    } else {
      node.setAccount(pubkey, lamports, [...Buffer.from(data, 'base64')], owner);
    }
    console.log('ok');
  } catch (problem) {
    console.log(String(problem.message).replaceAll('\n', ' '));
  }
}
process.exit(0);
