// peer_mailauth.js dkim|check RECORDS MESSAGES - mailauth, as fast as it goes
//
// See process_peer.h; mailauth is found by NODE_PATH.
'use strict';
const fs = require('fs');
const readline = require('readline');
const { dkimVerify } = require('mailauth/lib/dkim/verify');
const { spf } = require('mailauth/lib/spf');
const { dmarc } = require('mailauth/lib/dmarc');

const records = {}, letters = [];

async function resolver(name, type) {
	const text = records[name.toLowerCase()];
	if (type === 'TXT' && text !== undefined)
		return [[text]];
	const error = new Error('nothing is there');
	error.code = 'ENOTFOUND';
	throw error;
}

async function dkim(message) {
	const answer = await dkimVerify(message, { resolver });
	if (!answer.results.some(one => one.status.result === 'pass'))
		throw new Error('no pass');
	return answer;
}

async function check(message) {
	const signed = await dkim(message);
	const sent = await spf({ ip: '192.0.2.10', helo: 'mail.example.org',
		sender: 'alice@example.org', resolver });
	const answer = await dmarc({ headerFrom: signed.headerFrom,
		spfDomains: [].concat(sent.domain || []),
		dkimDomains: signed.results
			.filter(one => one.status.result === 'pass')
			.map(one => ({ id: one.id, domain: one.signingDomain,
				aligned: one.status.aligned,
				underSized: one.status.underSized })),
		resolver });
	if (!answer || answer.status.result !== 'pass')
		throw new Error('no pass of DMARC');
}

async function many(what, count) {
	const before = process.cpuUsage();
	for (let i = 0; i < count; i++)
		await what(letters[i % letters.length]);
	const took = process.cpuUsage(before);
	return (took.user + took.system) / 1000;
}

async function main() {
	const what = process.argv[2] === 'dkim' ? dkim : check;
	const lines = fs.readFileSync(process.argv[3], 'latin1').split('\n');
	for (const line of lines)
		if (line.includes(' '))
			records[line.slice(0, line.indexOf(' '))] =
				line.slice(line.indexOf(' ') + 1);
	const all = fs.readFileSync(process.argv[4]);
	for (let at = 0; at < all.length;) {
		const len = all.readUInt32BE(at);
		letters.push(all.subarray(at + 4, at + 4 + len));
		at += 4 + len;
	}
	for await (const line of readline.createInterface(
			{ input: process.stdin })) {
		try {
			console.log(await many(what, Number(line)));
		} catch (why) {
			console.log('failed: mailauth: ' + why.message);
		}
	}
}

main();
