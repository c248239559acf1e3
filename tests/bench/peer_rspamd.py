#!/usr/bin/env python3
# peer_rspamd.py check RECORDS MESSAGES - rspamd: DKIM, SPF and DMARC
#
# See process_peer.h. A server of its own with these three modules alone and one
# worker, asked over HTTP; DNS is a thread here. Only the worker's CPU time
# counts.
import http.client
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
  filters = "dkim"; explicit_modules = ["dkim", "spf", "dmarc"];
  words_decay = 600; allow_raw_input = true;  # as Debian has it
  dns {{ nameserver = ["127.0.0.1:{dns}"]; }}
  tempdir = "{folder}"; hs_cache_dir = "{folder}"; pidfile = "{folder}/pid";
  url_tld = "/usr/share/rspamd/effective_tld_names.dat"; local_addrs = [];
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "warning"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
lua = "{folder}/rules.lua";
modules {{ path = "/usr/share/rspamd/plugins/spf.lua";
  path = "/usr/share/rspamd/plugins/dmarc.lua"; }}
dkim {{ }} spf {{ }} dmarc {{ actions = {{}}; }}
metric {{ name = "default"; actions {{ reject = 100; }} }}
"""
WANTED = (b"R_DKIM_ALLOW", b"R_SPF_ALLOW", b"DMARC_POLICY_ALLOW")


def answer(query, records):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]])
        at += query[at] + 1
    text = records.get(b".".join(labels).lower())
    found = b""
    if text is not None and query[at + 1:at + 3] == b"\0\x10":
        data = b"".join(bytes([len(text[i:i + 255])]) + text[i:i + 255]
                        for i in range(0, len(text), 255))
        found = b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 3600, len(data)) + \
            data
    flags = 0x8180 if text is not None else 0x8183
    return query[:2] + struct.pack(">HHHHH", flags, 1, int(bool(found)), 0,
                                   0) + query[12:at + 5] + found


def serve(door, records):
    while True:
        query, who = door.recvfrom(4096)
        door.sendto(answer(query, records), who)


class Rspamd:
    def __init__(self, folder, dns):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        path = os.path.join(folder, "rspamd.conf")
        with open(path, "w") as to:
            to.write(CONFIGURATION.format(folder=folder, dns=dns,
                                          port=self.port))
        open(os.path.join(folder, "rules.lua"), "w").close()
        self.process = subprocess.Popen(
            ["rspamd", "-f", "-i", "-c", path], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        self.worker = self.find()

    def find(self):
        for _ in range(300):
            time.sleep(0.1)
            for child in subprocess.run(
                    ["pgrep", "-P", str(self.process.pid)],
                    capture_output=True, text=True).stdout.split():
                with open(f"/proc/{child}/cmdline") as line:
                    if "normal process" in line.read():
                        return child
        raise RuntimeError("rspamd does not start")

    def cpu(self):
        with open(f"/proc/{self.worker}/schedstat") as line:
            return int(line.read().split()[0]) / 1e6

    def check(self, letter):
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        door.request("POST", "/checkv2", letter,
                     {"IP": "192.0.2.10", "Helo": "mail.example.org",
                      "From": "alice@example.org"})
        body = door.getresponse().read()
        door.close()
        return all(symbol in body for symbol in WANTED)


def main():
    records, letters = {}, []
    with open(sys.argv[2], "rb") as lines:
        for line in lines:
            name, text = line.rstrip(b"\n").split(b" ", 1)
            records[name.lower()] = text
    with open(sys.argv[3], "rb") as messages:
        while head := messages.read(4):
            letters.append(messages.read(struct.unpack(">I", head)[0]))
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(door, records), daemon=True).start()
    folder = tempfile.mkdtemp(prefix="mailseal-bench-rspamd.")
    rspamd = Rspamd(folder, door.getsockname()[1])
    try:
        for line in sys.stdin:
            start = rspamd.cpu()
            passes = all([rspamd.check(letters[i % len(letters)])
                          for i in range(int(line))])
            took = rspamd.cpu() - start
            print(took if passes else "failed: rspamd: no pass", flush=True)
    finally:
        os.killpg(rspamd.process.pid, signal.SIGKILL)  # it takes its time
        rspamd.process.wait()
        shutil.rmtree(folder)


main()
