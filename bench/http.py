#!/usr/bin/env python3
"""HTTP beside HttpClient, bare loops, curl and wrk: bench/http.py [--rounds N] [--seconds S] [--bench FILE] [--command FILE] [--only WORD]

Publishes the bench and the command ahead of time into artifacts/bench-http (--bench and --command name what was published before), starts nginx on a free
port of loopback (CPU 0; the clients have CPU 1), and prints two tables: one page again and again, and a gigabyte. Rounds are
interleaved and figures are medians; CPU time is the kernel's own. Needs nginx and curl; wrk is left out where it is not installed.
"""
import argparse, json, os, re, shutil, socket, statistics, subprocess, sys, tempfile, threading, time

arguments = argparse.ArgumentParser()
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--seconds", type=float, default=1)
arguments.add_argument("--bench")
arguments.add_argument("--command")
arguments.add_argument("--only", choices=["pages", "gigabyte"])
arguments = arguments.parse_args()
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
machine = os.uname().machine
RID = "linux-" + {"x86_64": "x64", "aarch64": "arm64"}.get(machine, machine)
CLIENT_CPU, SERVER_CPU = ("1", "0") if (os.cpu_count() or 1) > 1 else ("0", "0")
SMALL, LARGE, HUGE = 1024, 1 << 20, 1 << 30


def publish(project, name):
    folder = f"{root}/artifacts/bench-http/{name}"
    subprocess.run(["dotnet", "publish", f"{root}/{project}", "-c", "Release", "-r", RID, "-o", folder, "-v", "q", "-nologo"], check=True, stdout=sys.stderr)
    return f"{folder}/{name}"


def serve(folder):
    os.makedirs(f"{folder}/www")
    for name, length in (("1k", SMALL), ("1m", LARGE)):
        with open(f"{folder}/www/{name}", "wb") as page: page.write(os.urandom(length))
    with open(f"{folder}/www/1g", "wb") as page:
        piece = os.urandom(LARGE)
        for _ in range(HUGE // LARGE): page.write(piece)
    for path, _, files in os.walk(folder):
        os.chmod(path, 0o755)
        for file in files: os.chmod(f"{path}/{file}", 0o644)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(f"""worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log {folder}/error crit;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 600;
 open_file_cache max=100 inactive=600s; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
 uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
""")
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit("nginx is not installed")
    server = subprocess.Popen(["taskset", "-c", SERVER_CPU, nginx, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        try: socket.create_connection(("127.0.0.1", port), 1).close(); return server, port
        except OSError: time.sleep(.05)
    server.kill()
    sys.exit("nginx did not start")


def run(*command):
    """Runs a command on the clients' CPU; its output, wall seconds, CPU seconds and most megabytes (0 where it was over before anybody looked)."""
    watched = [0]

    def watch(pid):
        # The kernel's own high-water mark of what the command maps; that of wait4 has this process's in it.
        try:
            while True:
                with open(f"/proc/{pid}/status") as status:
                    if most := re.search(r"VmHWM:\s+(\d+)", status.read()): watched[0] = int(most[1])
                time.sleep(.01)
        except OSError: return

    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, {int(CLIENT_CPU)}))
    threading.Thread(target=watch, args=[process.pid], daemon=True).start()
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode: sys.exit(f"exit {process.returncode}: {' '.join(command)}")
    return output.decode(), wall, used.ru_utime + used.ru_stime, watched[0] / 1024


def load(bench, contestant, port, path, connections):
    told = json.loads(run(bench, "http-load", contestant, str(port), path, str(arguments.seconds), str(connections))[0])
    return told["rps"], told["MBps"], told["cli_cpu_us_req"], told["alloc_B_req"], told["rss_MB"]


def repeat(command, requests, length):
    _, wall, cpu, memory = run(*command)
    return requests / wall, requests * length / wall / 1e6, cpu * 1e6 / requests, 0, memory


def wrk(port, path, connections, length):
    seconds = max(1, round(arguments.seconds))
    output, _, cpu, memory = run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}")
    requests, rate = int(re.search(r"(\d+) requests in", output)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, rate * length / 1e6, cpu * 1e6 / requests, 0, memory


def pages(bench, command, port):
    jobs = {}
    for path, length, requests in (("/1k", SMALL, 10_000), ("/1m", LARGE, 500)):
        for connections in (1, 64) if length == SMALL else (1,):
            for name in ("firstbyte-loop", "firstbyte", "firstbyte-handler", "firstbyte-handler-stream", "httpclient", "httpclient-stream", "bare-sync", "bare-poll", "bare-async"):
                if name != "bare-sync" or connections == 1:
                    jobs[path, connections, name] = lambda name=name, path=path, connections=connections: load(bench, name, port, path, connections)
            if shutil.which("wrk"):
                jobs[path, connections, "wrk"] = lambda path=path, connections=connections, length=length: wrk(port, path, connections, length)
        # Each request with a query of its own: one process, one connection.
        urls = f"http://127.0.0.1:{port}{path}?[1-{requests}]"
        jobs[path, 1, "curl"] = lambda urls=urls, requests=requests, length=length: repeat(["curl", "-s", "-o", "/dev/null", urls], requests, length)
        jobs[path, 1, "firstbyte curl"] = lambda urls=urls, requests=requests, length=length: repeat(
            [command, "curl", "-s", "-o", "/dev/null", urls], requests, length)
    rows = {job: [] for job in jobs}
    for _ in range(arguments.rounds):
        for job, measure in jobs.items(): rows[job].append(measure())
    middle = {job: [statistics.median(column) for column in zip(*found)] for job, found in rows.items()}
    print("| page | at once | client | requests/s (least to most) | MB/s | CPU us a request | of HttpClient | B allocated | MB resident |\n|---|---|---|---|---|---|---|---|---|")
    for job in sorted(rows, key=lambda job: job[:2]):
        path, connections, name = job
        rate, throughput, cpu, allocated, memory = middle[job]
        rates, peer = [row[0] for row in rows[job]], middle[path, connections, "httpclient"]
        print(f"| {path} | {connections} | {name} | {rate:,.0f} ({min(rates):,.0f} to {max(rates):,.0f}) | {throughput:,.0f} | {cpu:,.1f} | "
              f"{rate / peer[0]:.2f} of the rate, {cpu / peer[2]:.2f} of the CPU | {allocated:,.0f} | {memory:.0f} |")


def gigabyte(command, port):
    url = f"http://127.0.0.1:{port}/1g"
    commands = {"curl": ["curl", "-s", "-o", "/dev/null", url], "firstbyte curl": [command, "curl", "-s", "-o", "/dev/null", url],
                "firstbyte -s": [command, "-s", "-o", "/dev/null", url]}
    rows = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items(): rows[name].append(run(*command)[1:])
    middle = {name: [statistics.median(column) for column in zip(*found)] for name, found in rows.items()}
    print("\n| 1 GB | wall s (least) | of curl | CPU s (least) | of curl | most MB |\n|---|---|---|---|---|---|")
    for name, (wall, cpu, memory) in middle.items():
        print(f"| {name} | {wall:.2f} ({min(row[0] for row in rows[name]):.2f}) | {wall / middle['curl'][0]:.2f} | "
              f"{cpu:.2f} ({min(row[1] for row in rows[name]):.2f}) | {cpu / middle['curl'][1]:.2f} | {memory:.1f} |")


def main():
    command = arguments.command or publish("src/Firstbyte.Cli", "firstbyte")
    bench = arguments.only not in (None, "pages") or arguments.bench or publish("bench/Firstbyte.Bench", "Firstbyte.Bench")
    folder = tempfile.mkdtemp(prefix="firstbyte-bench-")
    server, port = serve(folder)
    try:
        print(f"load {os.getloadavg()[0]:.1f} at the start")
        if arguments.only in (None, "pages"): pages(bench, command, port)
        if arguments.only in (None, "gigabyte"): gigabyte(command, port)
        print(f"\nload {os.getloadavg()[0]:.1f} at the end")
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


main()
