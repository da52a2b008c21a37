#!/usr/bin/env python3
"""What a change by message costs (RFC 2136): bench/dns/update.py COMMAND [COMMAND…] [--names N] [--updates N]

COMMAND is the published command (firstbyte); several are compared in one run. Each update adds a name, signed by a key, is on the disk before it is acknowledged, and
is waited for. nsupdate and tsig-keygen are Debian's bind9-dnsutils and bind9. CPU seconds are the kernel's own, of all threads of the server.
"""
import argparse, os, shutil, socket, subprocess, tempfile, time

arguments = argparse.ArgumentParser()
arguments.add_argument("commands", nargs="+")
arguments.add_argument("--names", type=int, default=100_000)
arguments.add_argument("--updates", type=int, default=50)
arguments = arguments.parse_args()
folder = tempfile.mkdtemp(prefix="firstbyte-bench-")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as stat: total += int(stat.read().split()[0])
    return total / 1e9


def most_memory(pid):
    with open(f"/proc/{pid}/status") as status: return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def measure(command):
    port = free_port()
    if os.path.exists(f"{folder}/zone.journal"): os.remove(f"{folder}/zone.journal")
    line = [command, "serve", "dns", "--zone", f"example.com={folder}/zone", "--listen", f"127.0.0.1:{port}", "--tsig-key", f"{folder}/key", "--allow-update", "key=bench"]
    server = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for said in server.stderr:
            if said.startswith("listening on"): break
        script = f"server 127.0.0.1 {port}\nzone example.com\n" + "".join(f"update add new{i}.example.com 60 A 192.0.2.1\nsend\n" for i in range(arguments.updates))
        used, began = cpu_seconds(server.pid), time.time()
        done = subprocess.run(["nsupdate", "-k", f"{folder}/key", "-t", "300"], input=script, capture_output=True, text=True)
        elapsed, used = time.time() - began, cpu_seconds(server.pid) - used
        if done.returncode: raise SystemExit(done.stderr)
        each = 1000 / arguments.updates
        print(f"| {command} | {elapsed * each:.1f} ms | {used * each:.1f} ms | {most_memory(server.pid):.0f} MB |", flush=True)
    finally:
        server.terminate()
        server.wait()


try:
    with open(f"{folder}/zone", "w") as zone:
        zone.write("$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns1 host 1 7200 3600 1209600 3600\n@ IN NS ns1\nns1 IN A 127.0.0.1\n")
        for i in range(arguments.names): zone.write(f"h{i} IN A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n")
    with open(f"{folder}/key", "w") as key: subprocess.run(["tsig-keygen", "-a", "hmac-sha256", "bench"], stdout=key, check=True)
    print(f"{arguments.names:,} names, {arguments.updates} updates\n\n| server | an update | CPU | most memory |\n|---|---|---|---|", flush=True)
    for one in arguments.commands: measure(one)
finally:
    shutil.rmtree(folder)
