// peer_mailauth.js KEYS MESSAGES - what mailauth says of each message's DKIM
//
// As peer_dkimpy.py; mailauth is found by NODE_PATH, and asked to be strict.
'use strict';
const fs = require('fs');
const { dkimVerify } = require('mailauth/lib/dkim/verify');

const keys = {};

async function resolver(name) {
	const text = keys[name.toLowerCase()];
	if (text !== undefined)
		return [[text]];
	const error = new Error('no such key');
	error.code = 'ENOTFOUND';
	throw error;
}

async function main() {
	for (const line of fs.readFileSync(process.argv[2], 'latin1').split('\n'))
		if (line.includes(' '))
			keys[line.slice(0, line.indexOf(' ')).toLowerCase()] =
				line.slice(line.indexOf(' ') + 1);
	const all = fs.readFileSync(process.argv[3]);
	for (let at = 0; at < all.length;) {
		const len = all.readUInt32BE(at);
		const message = all.subarray(at + 4, at + 4 + len);
		let passes = false;
		at += 4 + len;
		try {
			const answer = await dkimVerify(message, { resolver,
				strict: true, minBitLength: 1024 });
			passes = answer.results.some(one =>
				one.status.result === 'pass');
		} catch (why) {
			passes = false;	// whatever it is: no pass
		}
		console.log(passes ? 1 : 0);
	}
}

main();
