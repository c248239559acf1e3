// peer_mailauth_spf.js WORLDS - what mailauth says of each world of SPF
//
// As peer_pyspf.py; mailauth is found by NODE_PATH, and asked to be strict.
'use strict';
const fs = require('fs');
const { spf } = require('mailauth/lib/spf');

let world = {};

function failure(code) {
	const error = new Error(code);
	error.code = code;
	return error;
}

async function resolver(name, type) {
	const all = world[name.replace(/\.$/, '').toLowerCase()];
	if (all === undefined)
		throw failure('ENOTFOUND');
	if (all.some(record => record.type === 'TIMEOUT'))
		throw failure('ETIMEOUT');
	const list = all.filter(record => record.type === type);
	if (list.length === 0)
		throw failure('ENODATA');
	return list.map(record => {
		if (type === 'TXT')
			return [record.text];
		if (type !== 'MX')
			return record.text;
		const [priority, exchange] = record.text.split(' ');
		return { priority: Number(priority), exchange };
	});
}

async function main() {
	const lines = fs.readFileSync(process.argv[2], 'latin1').split('\n');
	for (const line of lines) {
		const field = line.split('\t');
		if (field[0] === 'record') {
			const name = field[1];
			(world[name] = world[name] || []).push({
				type: field[2], text: field.slice(3).join('\t') });
		} else if (field[0] === 'ask') {
			let result;
			try {
				const answer = await spf({ ip: field[1],
					helo: field[2], sender: field[3],
					resolver, strict: true });
				result = answer.status.result + ' ' +
					(answer.status.comment || '');
			} catch (why) {
				result = 'died ' + why.message;
			}
			console.log(result.replace(/\n/g, ' '));
			world = {};
		}
	}
}

main();
