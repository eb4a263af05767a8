// server.mjs - a real Solana node on loopback, filled by whoever started it.
//
// Writes its address, then reads a line a time: {"pubkey", "owner", "lamports", "data" in base64}
// sets an account, and is answered with "ok" or with what is wrong. Ends with its standard input.
// The package is looked for where the program is run.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const { Surfnet } = require('@solana/surfpool-linux-x64-gnu');
const node = Surfnet.startWithConfig({ offline: true });

console.log(node.rpcUrl);
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const { pubkey, lamports, data, owner } = JSON.parse(line);
    node.setAccount(pubkey, lamports, [...Buffer.from(data, 'base64')], owner);
    console.log('ok');
  } catch (problem) {
    console.log(String(problem.message).replaceAll('\n', ' '));
  }
}
process.exit(0);
