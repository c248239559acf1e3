#!/usr/bin/env python3
"""open_mutants.py - signed mails, changed in one place each, opened by the bus

open_mutants.py FILE...: each is a genuine mail of alice@example.org that says
"Meet me at noon." and opens as verified or confidential.  Whatever is changed:
one that still counts as hers shows her words, nobody else's, and her From.
Every seventh is tried; MAILSEAL_MUTANTS=all in the environment
tries all of them."""
import json
import os
import re
import subprocess
import sys

EVIL = b'Pay Mallory.'
PART = b'Content-Type: text/plain\r\n\r\nPay Mallory.\r\n'
FIELDS = [
    b'Content-Type: text/plain', b'Content-Type : text/html',
    b'content-type: multipart/mixed; boundary=x',
    b'Content-Type: multipart/signed; boundary=x; '
    b'protocol="application/pkcs7-signature"',
    b'Content-Transfer-Encoding: base64',
    b'Content-Transfer-Encoding: quoted-printable', b'MIME-Version: 0.9',
    b'From: mallory@evil.example', b'From : mallory@evil.example',
    b' From: mallory@evil.example', b'FROM:mallory@evil.example',
    b'Sender: mallory@evil.example', b'Resent-From: mallory@evil.example',
    b'X: a\rFrom: mallory@evil.example', b'Pay Mallory.', b'',
    b'--', b'\tPay Mallory.', b'X: \0', b'\xff: x',
]


def boundaries(text):
    return [b.strip(b'"') for b in re.findall(rb'boundary=("[^"]*"|[^;\s]+)',
                                              text)]


def put(lines, at, what):
    return b'\r\n'.join(lines[:at] + what + lines[at:])


def mutants(text):
    lines = text.replace(b'\r\n', b'\n').split(b'\n')
    marks = boundaries(text)
    for at in range(len(lines)):
        yield 'left out', at, put(lines[:at] + lines[at + 1:], 0, [])
        yield 'twice', at, put(lines, at, [lines[at]])
        yield 'text', at, put(lines, at, [EVIL])
        yield 'folded', at, put(lines, at, [b' Pay Mallory.'])
        yield 'CR', at, put(lines, at, [b'Pay Mallory.\r'])
        for mark in marks:
            yield 'part', at, put(lines, at, [b'--' + mark, PART])
            yield 'last', at, put(lines, at, [b'--' + mark + b'--', EVIL])
            yield 'odd mark', at, put(lines, at, [b'--' + mark + b' x', PART])
            yield 'CR mark', at, put(lines, at, [b'--' + mark + b'\r', PART])
            yield 'blank', at, put(lines, at, [b'--' + mark + b' \t', PART])
    for at in range(min(12, len(lines))):
        for field in FIELDS:
            yield 'field ' + repr(field), at, put(lines, at, [field])
    yield 'LF', 0, text.replace(b'\r\n', b'\n').replace(b'noon', b'n')
    yield 'behind', 0, text + EVIL
    yield 'around', 0, (b'From: alice@example.org\r\nContent-Type: multipart/'
                        b'mixed; boundary=around\r\n\r\n--around\r\n' + PART +
                        b'\r\n--around\r\n' +
                        text[text.lower().index(b'content-type:'):] +
                        b'\r\n--around--\r\n')
    yield 'forwarded', 0, (b'From: alice@example.org\r\nContent-Type: '
                           b'message/rfc822\r\n\r\n' + text)
    for odd in (b'boundary', b'protocol', b'micalg', b'smime-type'):
        for how in (b' *', b'*0*', b'*1', b'(x)', b'\0', b'"'):
            yield 'parameter', 0, text.replace(odd, odd + how)
        yield 'another', 0, text.replace(odd, b'x=";"; x' + odd, 1)


def opened(text):
    """The report, and what came out; None: an error that says so."""
    done = subprocess.run(['mailseal', 'open', '--json', '--no-verdict'],
                          input=text, capture_output=True, timeout=60)
    if done.returncode >= 64:
        return None, done.stdout
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f'mailseal open ended with {done.returncode}')
    for line in done.stderr.splitlines():
        if line.startswith(b'{'):
            return json.loads(line), done.stdout
    return None, done.stdout


def wrong(report, content):
    """What is wrong with how it was shown; None: nothing."""
    if report is None:
        return 'an error, and content' if content else None
    if report['security'] not in ('verified', 'confidential'):
        return None
    head, _, body = content.replace(b'\r\n', b'\n').partition(b'\n\n')
    if EVIL in body:
        return 'her name, and words of another'
    if b'Meet me at' not in body:
        return 'her name, and not her words'
    if not re.fullmatch(rb'(?:[!-9;-~]+:[^\r\0\n]*(?:\n[ \t][^\r\0\n]*)*\n)+',
                        head + b'\n'):
        return 'her name, and a header that others end elsewhere'
    if b'mallory' in b''.join(re.findall(rb'(?im)^from\s*:.*', head)):
        return 'her name, and another From'
    return None


def main():
    count = hers = 0
    step = 1 if os.environ.get('MAILSEAL_MUTANTS') == 'all' else 7
    for name in sys.argv[1:]:
        with open(name, 'rb') as file:
            text = file.read()
        report, content = opened(text)
        if report is None or report['security'] not in ('verified',
                                                        'confidential'):
            raise SystemExit(f'{name} itself: {report}')
        for nth, (what, at, mutant) in enumerate(mutants(text)):
            if nth % step:
                continue
            report, content = opened(mutant)
            count += 1
            if report and report['security'] in ('verified', 'confidential'):
                hers += 1
            fault = wrong(report, content)
            if fault:
                sys.stdout.buffer.write(mutant)
                raise SystemExit(f'{name}, {what} at line {at}: {fault}')
    print(f'{count} changed mails, {hers} of them still hers')


main()
