#!/usr/bin/env python3
# peer_rspamd.py KEYS MESSAGES - what rspamd says of each message's DKIM
#
# As peer_dkimpy.py.  A server of its own that knows DKIM alone, asked over
# HTTP on loopback; its DNS is a thread here.
import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

CONFIGURATION = """
options {{
  filters = "dkim"; explicit_modules = ["dkim"]; allow_raw_input = true;
  dns {{ nameserver = ["127.0.0.1:{dns}"]; }}
  tempdir = "{folder}"; hs_cache_dir = "{folder}"; pidfile = "{folder}/pid";
  url_tld = "/usr/share/rspamd/effective_tld_names.dat"; local_addrs = [];
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "warning"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
lua = "{folder}/rules.lua";
dkim {{ max_sigs = 100; }}
metric {{ name = "default"; actions {{ reject = 100; }} }}
"""


def answer(query, keys):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]])
        at += query[at] + 1
    text, found = keys.get(b".".join(labels).lower()), b""
    if text is not None and query[at + 1:at + 3] == b"\0\x10":
        data = b"".join(bytes([len(text[i:i + 255])]) + text[i:i + 255]
                        for i in range(0, len(text), 255))
        found = b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 3600, len(data)) + \
            data
    return query[:2] + struct.pack(
        ">HHHHH", 0x8180 if text is not None else 0x8183, 1,
        int(bool(found)), 0, 0) + query[12:at + 5] + found


def serve(door, keys):
    while True:
        query, who = door.recvfrom(4096)
        door.sendto(answer(query, keys), who)


def start(folder, dns):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = os.path.join(folder, "rspamd.conf")
    with open(path, "w") as to:
        to.write(CONFIGURATION.format(folder=folder, dns=dns, port=port))
    open(os.path.join(folder, "rules.lua"), "w").close()
    return port, subprocess.Popen(
        ["rspamd", "-f", "-i", "-c", path], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True)


def passes(port, message):
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    door.request("POST", "/checkv2", message, {"IP": "192.0.2.10"})
    found = json.loads(door.getresponse().read())
    door.close()
    return "R_DKIM_ALLOW" in found.get("symbols", {})


def is_up(port):
    for _ in range(300):
        try:
            passes(port, b"From: a@example.org\r\n\r\nx\r\n")
            return True
        except OSError:
            time.sleep(0.1)
    return False


def main():
    keys = {}
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            name, text = line.rstrip(b"\n").split(b" ", 1)
            keys[name.lower()] = text
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(door, keys), daemon=True).start()
    folder = tempfile.mkdtemp(prefix="mailseal-peer-rspamd.")
    port, process = start(folder, door.getsockname()[1])
    try:
        if not is_up(port):
            sys.exit("rspamd does not start")
        with open(sys.argv[2], "rb") as messages:
            while head := messages.read(4):
                print(int(passes(port, messages.read(
                    struct.unpack(">I", head)[0]))), flush=True)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # it takes its time
        process.wait()
        shutil.rmtree(folder)


main()
