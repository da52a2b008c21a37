#!/usr/bin/env python3
"""Answers per CPU second beside NSD and Knot, and how long and how much memory a zone takes: bench/dns/serve.py COMMAND [--names N] [--rounds N] [--seconds S]

COMMAND is the published command (firstbyte). Servers get CPU 0, the generator CPU 1; rounds are interleaved and figures are medians. Peers that
are not installed (Debian: nsd, knot) are left out. CPU seconds are the kernel's own, of all threads of a server.
"""
import argparse, os, random, shutil, socket, statistics, struct, subprocess, sys, tempfile, time

arguments = argparse.ArgumentParser()
arguments.add_argument("command")
arguments.add_argument("--names", type=int, default=100_000)
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--seconds", type=float, default=2)
arguments = arguments.parse_args()
here, folder = os.path.dirname(os.path.abspath(__file__)), tempfile.mkdtemp(prefix="firstbyte-bench-")


def query(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">6H", 1, 0, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def write_data():
    source = random.Random(1)
    with open(f"{folder}/zone", "w") as zone:
        zone.write("$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns1 host 1 7200 3600 1209600 3600\n@ IN NS ns1\n@ IN NS ns2\nns1 IN A 127.0.0.1\nns2 IN A 127.0.0.2\n")
        for i in range(arguments.names): zone.write(f"h{i} IN A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n")
        for i in range(1000): zone.write(f"c{i} IN CNAME h{i * 97 % arguments.names}\n")
        zone.write("*.w IN A 192.0.2.7\n")
    # 80 % addresses, 10 % names that do not exist, 5 % aliases, 5 % from the wildcard.
    with open(f"{folder}/queries", "wb") as queries:
        for _ in range(200_000):
            kind = source.random()
            name = (f"h{source.randrange(arguments.names)}" if kind < .8 else f"nx{source.randrange(10 ** 6)}" if kind < .9
                    else f"c{source.randrange(1000)}" if kind < .95 else f"r{source.randrange(10 ** 6)}.w")
            message = query(f"{name}.example.com")
            queries.write(struct.pack(">H", len(message)) + message)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def contestants():
    port = free_port()
    yield "firstbyte", port, [arguments.command, "serve", "dns", "--zone", f"example.com={folder}/zone", "--listen", f"127.0.0.1:{port}"]
    if shutil.which("nsd", path="/usr/sbin:/usr/bin"):
        port = free_port()
        with open(f"{folder}/nsd.conf", "w") as file:
            file.write(f"""server:\n ip-address: 127.0.0.1@{port}\n server-count: 1\n username: ""\n chroot: ""\n zonesdir: "{folder}"\n pidfile: "{folder}/nsd.pid"
 xfrdfile: "{folder}/xfrd"\n zonelistfile: "{folder}/zones"\n xfrdir: "{folder}"\n rrl-ratelimit: 0\nremote-control:\n control-enable: no
zone:\n name: example.com\n zonefile: zone\n""")
        yield "nsd", port, ["/usr/sbin/nsd", "-d", "-c", f"{folder}/nsd.conf"]
    if shutil.which("knotd", path="/usr/sbin:/usr/bin"):
        port = free_port()
        with open(f"{folder}/knot.conf", "w") as file:
            file.write(f"""server:\n  rundir: "{folder}"\n  listen: 127.0.0.1@{port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1
database:\n  storage: "{folder}"\ntemplate:\n  - id: default\n    storage: "{folder}"\n    zonefile-sync: -1\n    zonefile-load: whole\n    journal-content: none
zone:\n  - domain: example.com\n    file: zone\n""")
        yield "knot", port, ["/usr/sbin/knotd", "-c", f"{folder}/knot.conf"]


def family(pid):
    own = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as children: own += [one for child in children.read().split() for one in family(int(child))]
    return own


def cpu_seconds(pid):
    total = 0
    for one in family(pid):
        for task in os.listdir(f"/proc/{one}/task"):
            with open(f"/proc/{one}/task/{task}/schedstat") as stat: total += int(stat.read().split()[0])
    return total / 1e9


def memory(pid):
    """Megabytes that are resident; what processes of one server share counts once."""
    total = 0
    for one in family(pid):
        with open(f"/proc/{one}/smaps_rollup") as rollup: total += next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return total / 1024


def wait_ready(port, process, limit=120):
    end = time.time() + limit
    while time.time() < end and process.poll() is None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(.02)
            try:
                probe.connect(("127.0.0.1", port))
                probe.send(query("h1.example.com"))
                if probe.recv(512)[3] & 15 == 0: return
            except OSError: time.sleep(.005)
    sys.exit(f"not ready: {process.args}")


write_data()
subprocess.run(["gcc", "-O2", "-o", f"{folder}/blast", f"{here}/blast.c"], check=True)
servers, results = [], {}
try:
    for name, port, command in contestants():
        start = time.time()
        process = subprocess.Popen(["taskset", "-c", "0", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        servers.append((name, port, process))
        wait_ready(port, process)
        results[name] = {"ready": time.time() - start, "rates": []}
    for round_ in range(-1, arguments.rounds):
        for name, port, process in servers:
            before = cpu_seconds(process.pid)
            seconds = arguments.seconds if round_ >= 0 else 1
            output = subprocess.run(["taskset", "-c", "1", f"{folder}/blast", str(port), str(seconds), f"{folder}/queries"], capture_output=True, text=True, check=True).stdout
            answers, lost, good, missing, other = map(int, output.split())
            if round_ < 0: continue
            results[name]["rates"].append(answers / (cpu_seconds(process.pid) - before))
            results[name]["codes"] = f"{good / answers:.1%} {missing / answers:.1%} {other / answers:.1%}"
            results[name]["lost"] = lost
    print("| server | ready after | memory | answers a CPU second | of the best peer's | NOERROR NXDOMAIN other | lost |\n|---|---|---|---|---|---|---|")
    rates = {name: statistics.median(result["rates"]) for name, result in results.items()}
    best = max((rate for name, rate in rates.items() if name != "firstbyte"), default=None)
    for name, port, process in servers:
        result = results[name]
        share = f"{rates[name] / best:.2f}" if best else ""
        print(f"| {name} | {result['ready']:.2f} s | {memory(process.pid):.0f} MB | {rates[name]:,.0f} | {share} | {result['codes']} | {result['lost']} |")
finally:
    for _, _, process in servers: process.terminate()
    for _, _, process in servers: process.wait()
    shutil.rmtree(folder)
