#!/usr/bin/env python3
"""Writes the methods that short runs call, in the order of their first call: src/Firstbyte.Cli/method-order.txt, by which the ahead-of-time compiler lays out code.

    dotnet publish src/Firstbyte.Cli -c Release -r linux-x64 -o OUT && tools/layout/trace_methods.py OUT/firstbyte > order.txt

Each method gets a breakpoint (int3) at its first instruction, which is taken out when it is hit: what a run calls is known exactly, for one stop a method. The runs
are those of RUNS, against a server of this script's own on loopback. Linux on x86-64 alone; the names are the same on every platform, and one that a later version
does not have is passed over by the compiler. Needs nm, readelf and the file of symbols (firstbyte.dbg) that publishing leaves beside the command.
"""
import ctypes, http.server, os, signal, subprocess, sys, tempfile, threading

RUNS = [["--version"], ["curl", "-s", "-o", "{null}", "{url}"], ["-s", "-o", "{null}", "{url}"], ["-o", "{file}", "{url}"], ["curl", "{url}"]]

TRACEME, CONT, GETREGS, SETREGS, SETOPTIONS = 0, 7, 12, 13, 0x4200
TRACECLONE, EXITKILL, EVERY_THREAD = 0x8, 0x100000, 0x40000000


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulong) for name in
                "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs".split()]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def methods(command):
    """Where managed code stands, and the names of what begins at each address."""
    header = subprocess.run(["readelf", "-hSW", command], check=True, capture_output=True, text=True).stdout
    if "EXEC (Executable file)" not in header: sys.exit(f"{command} is not at a fixed address")
    section = next(line.split("]", 1)[1].split() for line in header.splitlines() if "] __managedcode" in line)
    first, end = int(section[2], 16), int(section[2], 16) + int(section[4], 16)
    names = {}
    for line in subprocess.run(["nm", command + ".dbg"], check=True, capture_output=True, text=True).stdout.splitlines():
        parts = line.split(None, 2)
        if len(parts) == 3 and parts[1] in "tT" and first <= int(parts[0], 16) < end: names.setdefault(int(parts[0], 16), []).append(parts[2])
    return first, end, names


def trace(command, arguments, first, end, names):
    """The addresses of methods in the order of their first call."""
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        libc.ptrace(TRACEME, 0, None, None)
        os.execv(command, [command, *arguments])
    os.waitpid(child, 0)
    libc.ptrace(SETOPTIONS, child, None, TRACECLONE | EXITKILL)
    memory = os.open(f"/proc/{child}/mem", os.O_RDWR)
    code = os.pread(memory, end - first, first)
    stops = bytearray(code)
    for address in names: stops[address - first] = 0xCC
    os.pwrite(memory, bytes(stops), first)
    libc.ptrace(CONT, child, None, None)
    called, ended, registers = {}, None, Registers()
    while True:
        try: thread, status = os.waitpid(-1, EVERY_THREAD)
        except ChildProcessError: break
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if thread == child: ended = status
            continue
        stopped, passed = os.WSTOPSIG(status), None
        if stopped == signal.SIGTRAP and status >> 16 == 0:
            libc.ptrace(GETREGS, thread, None, ctypes.byref(registers))
            address = registers.rip - 1
            if address in names:
                called[address] = True
                os.pwrite(memory, code[address - first:address - first + 1], address)
                registers.rip = address
                libc.ptrace(SETREGS, thread, None, ctypes.byref(registers))
        elif stopped not in (signal.SIGTRAP, signal.SIGSTOP): passed = stopped
        libc.ptrace(CONT, thread, None, passed)
    os.close(memory)
    if ended != 0: sys.exit(f"{' '.join(arguments)}: ended with status {ended}")
    return called


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.send_header("ETag", '"1"')
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", "1024")
        self.end_headers()
        self.wfile.write(b"x" * 1024)

    def log_message(self, *_): pass


def main():
    command = os.path.abspath(sys.argv[1])
    first, end, names = methods(command)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    order = {}
    with tempfile.TemporaryDirectory() as folder:
        places = {"url": f"http://127.0.0.1:{server.server_port}/", "null": os.devnull, "file": f"{folder}/page"}
        for run in RUNS:
            called = trace(command, [word.format(**places) for word in run], first, end, names)
            print(f"{len(called)} methods: {' '.join(run)}", file=sys.stderr)
            for address in called:
                for name in names[address]:
                    if not name.startswith("__"): order[name] = True
    print("\n".join(order))


main()
