#!/usr/bin/env python3
"""A resolver's answers from its cache, its resolutions of names it does not know, and its memory, beside Unbound: bench/dns/resolve.py COMMAND [--rounds N] [--seconds S]
[--names N] [--records N] [--only hot,cold,memory]

COMMAND is the published command (firstbyte). The hierarchy (a root, com, N zones below it, and a zone of many names) is served on loopback by the command itself. Resolvers get CPU 0,
servers and the generator CPU 1; rounds are interleaved and figures are medians. Without Unbound (Debian: unbound) there is no comparison. CPU seconds are the kernel's own, of all
threads of a resolver. Loopback addresses 127.0.3.1 to 127.0.3.4 must be free; port 53 of them is used, so that it runs as root, or where low ports are free.
"""
import argparse, json, os, random, shutil, socket, statistics, struct, subprocess, sys, tempfile, time

arguments = argparse.ArgumentParser()
arguments.add_argument("command")
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--seconds", type=float, default=2)
arguments.add_argument("--names", type=int, default=5_000)
arguments.add_argument("--records", type=int, default=200_000)
arguments.add_argument("--only", default="hot,cold,memory")
arguments = arguments.parse_args()
here, folder = os.path.dirname(os.path.abspath(__file__)), tempfile.mkdtemp(prefix="firstbyte-bench-")
HOT_NAMES = 20_000


def query(name, id=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">6H", id, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def write_data():
    source = random.Random(1)
    def zone(name, text):
        with open(f"{folder}/{name}", "w") as file: file.write("$TTL 86400\n" + text)
    zone("root", "@ IN SOA a.root.lab. m. 1 60 60 60 60\n@ IN NS a.root.lab.\na.root.lab. IN A 127.0.3.1\ncom. IN NS ns.com.\nns.com. IN A 127.0.3.2\n")
    zone("com", "@ IN SOA ns m 1 60 60 60 60\n@ IN NS ns\nns IN A 127.0.3.2\nbig IN NS ns.big\nns.big IN A 127.0.3.4\n"
         + "".join(f"d{i} IN NS ns1.d{i}\nd{i} IN NS ns2.d{i}\nns1.d{i} IN A 127.0.3.3\nns2.d{i} IN A 127.0.3.4\n" for i in range(arguments.names)))
    zone("small", "@ IN SOA ns1 m 1 60 60 60 60\n@ IN NS ns1\n@ IN NS ns2\nns1 IN A 127.0.3.3\nns2 IN A 127.0.3.4\nwww IN A 192.0.2.1\n")
    zone("big", "@ IN SOA ns m 1 60 60 60 60\n@ IN NS ns\nns IN A 127.0.3.4\n"
         + "".join(f"h{i} IN A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n" for i in range(arguments.records)))
    with open(f"{folder}/hints", "w") as file: file.write(". 3600000 IN NS a.root.lab.\na.root.lab. 3600000 IN A 127.0.3.1\n")
    with open(f"{folder}/hot", "wb") as queries:
        for _ in range(100_000):
            message = query(f"h{int(HOT_NAMES * source.random() ** 2)}.big.com")
            queries.write(struct.pack(">H", len(message)) + message)


def served(zones, address):
    command = [arguments.command, "serve", "dns", "--listen", f"{address}:53"]
    for origin, file in zones: command += ["--zone", f"{origin}={folder}/{file}"]
    return subprocess.Popen(["taskset", "-c", "1", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resolvers():
    port = free_port()
    yield "firstbyte", port, [arguments.command, "serve", "resolver", "--listen", f"127.0.0.1:{port}", "--root-hints", f"{folder}/hints"]
    if shutil.which("unbound", path="/usr/sbin:/usr/bin"):
        port = free_port()
        with open(f"{folder}/unbound.{port}", "w") as file:
            file.write(f"""server:\n interface: 127.0.0.1@{port}\n num-threads: 1\n username: ""\n chroot: ""\n directory: "{folder}"\n pidfile: "{folder}/unbound.{port}.pid"
 use-syslog: no\n verbosity: 0\n module-config: "iterator"\n do-not-query-localhost: no\n access-control: 127.0.0.0/8 allow\n msg-cache-size: 256m\n rrset-cache-size: 256m\n do-ip6: no
 outgoing-range: 4096\n num-queries-per-thread: 2048\n infra-cache-numhosts: 100000\n outgoing-interface: 127.0.0.1\n root-hints: "{folder}/hints"\n unblock-lan-zones: yes
remote-control:\n control-enable: no\n""")
        yield "unbound", port, ["/usr/sbin/unbound", "-d", "-p", "-c", f"{folder}/unbound.{port}"]


def cpu_seconds(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as stat: total += int(stat.read().split()[0])
    return total / 1e9


def memory(pid):
    with open(f"/proc/{pid}/smaps_rollup") as rollup: return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1024


def wait_ready(port, name="ns.com", address="127.0.0.1", limit=60):
    end = time.time() + limit
    while time.time() < end:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(.2)
            try:
                probe.connect((address, port))
                probe.send(query(name))
                if probe.recv(512)[3] & 15 == 0: return
            except OSError: time.sleep(.02)
    sys.exit(f"not ready: port {port}")


def ask_all(port, names, window=100):
    """Asks each name once, so many at a time; returns how many were answered well."""
    good, pending, names, id = 0, {}, iter(names), 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", port))
        client.settimeout(2)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        more = True
        while more or pending:
            while more and len(pending) < window:
                name = next(names, None)
                if name is None: more = False
                else:
                    id = (id + 1) & 0xFFFF
                    pending[id] = name
                    client.send(query(name, id))
            try: answer = client.recv(2048)
            except OSError: break
            if pending.pop(answer[0] << 8 | answer[1], None) is not None and answer[3] & 15 == 0 and answer[7] > 0: good += 1
    return good


def start(command): return subprocess.Popen(["taskset", "-c", "0", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stop(process):
    process.terminate()
    process.wait()


def row(name, rate, others, *rest):
    best = max((rates for other, rates in others.items() if other != "firstbyte"), default=None)
    print(f"| {name} | {rate:,.0f} | {rate / best:.2f} | {' | '.join(rest)} |" if best else f"| {name} | {rate:,.0f} | | {' | '.join(rest)} |")


def hot():
    running, rates = [], {}
    try:
        for name, port, command in resolvers():
            process = start(command)
            running.append((name, port, process))
            wait_ready(port)
            ask_all(port, (f"h{i}.big.com" for i in range(HOT_NAMES)))
        for round_ in range(-1, arguments.rounds):
            for name, port, process in running:
                before = cpu_seconds(process.pid)
                output = subprocess.run(["taskset", "-c", "1", f"{folder}/blast", str(port), str(arguments.seconds if round_ >= 0 else 1), f"{folder}/hot"],
                                        capture_output=True, text=True, check=True).stdout
                answers, lost, good, _, _ = map(int, output.split())
                if round_ >= 0: rates.setdefault(name, []).append((answers / (cpu_seconds(process.pid) - before), lost, good / answers))
        print("\n| answers from the cache | a CPU second | of Unbound's | lost | NOERROR |\n|---|---|---|---|---|")
        medians = {name: statistics.median(one[0] for one in all) for name, all in rates.items()}
        for name, all in rates.items(): row(name, medians[name], medians, str(sum(one[1] for one in all)), f"{min(one[2] for one in all):.1%}")
    finally:
        for _, _, process in running: stop(process)


def cold():
    rates, good = {}, {}
    for _ in range(arguments.rounds):
        for name, port, command in resolvers():
            process = start(command)
            try:
                wait_ready(port)
                before = cpu_seconds(process.pid)
                answered = ask_all(port, (f"www.d{i}.com" for i in range(arguments.names)))
                rates.setdefault(name, []).append(answered / (cpu_seconds(process.pid) - before))
                good[name] = min(good.get(name, answered), answered)
            finally: stop(process)
    print("\n| names that are not known | a CPU second | of Unbound's | resolved |\n|---|---|---|---|")
    medians = {name: statistics.median(all) for name, all in rates.items()}
    for name in rates: row(name, medians[name], medians, f"{good[name]:,} of {arguments.names:,}")


def memory_of_records():
    print("\n| memory | bytes a record | before | with the records |\n|---|---|---|---|")
    for name, port, command in resolvers():
        process = start(command + (["--cache-size", "1024"] if name == "firstbyte" else []))
        try:
            wait_ready(port)
            # What comes once, with the first questions, is not of the records.
            ask_all(port, (f"h{i}.big.com" for i in range(10_000)))
            before = memory(process.pid)
            answered = ask_all(port, (f"h{i}.big.com" for i in range(10_000, arguments.records)))
            after = memory(process.pid)
            print(f"| {name} | {(after - before) * 1048576 / max(1, answered):,.0f} | {before:,.0f} MB | {after:,.0f} MB ({answered:,} records) |")
        finally: stop(process)


write_data()
subprocess.run(["gcc", "-O2", "-o", f"{folder}/blast", f"{here}/blast.c"], check=True)
servers = [served([(".", "root")], "127.0.3.1"), served([("com", "com")], "127.0.3.2")]
smalls = [(f"d{i}.com", "small") for i in range(arguments.names)]
try:
    # One command line is too short for all zones: a settings file names them.
    for address, zones in (("127.0.3.3", smalls), ("127.0.3.4", smalls + [("big.com", "big")])):
        with open(f"{folder}/{address}.json", "w") as file:
            json.dump({"listen": [f"{address}:53"], "zones": [{"origin": origin, "file": zone} for origin, zone in zones]}, file)
        servers.append(subprocess.Popen(["taskset", "-c", "1", arguments.command, "serve", "dns", "--config", f"{folder}/{address}.json"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    for address, name in (("127.0.3.1", "a.root.lab"), ("127.0.3.2", "ns.com"), ("127.0.3.3", "www.d0.com"), ("127.0.3.4", "h1.big.com")): wait_ready(53, name, address)
    if "hot" in arguments.only: hot()
    if "cold" in arguments.only: cold()
    if "memory" in arguments.only: memory_of_records()
finally:
    for process in servers: stop(process)
    shutil.rmtree(folder)
