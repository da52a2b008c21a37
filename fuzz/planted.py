#!/usr/bin/env python3
"""Plants each bug of planted-bugs.txt into a copy of the sources and lets its target look for it, from the kept corpus.

    fuzz/planted.py [--seconds N] [NAME|TARGET…]      N: 600, the time that each has
    fuzz/planted.py --check                           only sees that each bug still has the place where it is planted

Ends with 1 when one is not found, or when a target finds something without a bug (the copy runs its kept corpus first, no bug chosen).
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
COPY = ROOT / "artifacts" / "fuzz" / "planted"
CHOOSER = """namespace Firstbyte;

/// <summary>Which of the planted bugs is in force.</summary>
public static class Planted
{
    private static readonly string s_chosen = System.Environment.GetEnvironmentVariable("PLANTED_BUG") ?? "";

    /// <summary>Whether a bug is in force.</summary>
    public static bool Is(string name) => s_chosen == name;
}
"""


def bugs():
    """Name, target, and [file, before, after] of each bug."""
    found, part = [], None
    for line in (ROOT / "fuzz" / "planted-bugs.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("== "):
            name, target = (text.strip() for text in line[3:].split("|"))
            found.append((name, target, []))
            part = None
        elif line.startswith("-- "):
            found[-1][2].append([line[3:].strip(), [], []])
            part = found[-1][2][-1][1]
        elif line == "->":
            part = found[-1][2][-1][2]
        elif part is not None:
            part.append(line)
    return found


def planted():
    """What is built, file by file, with all bugs in it; ends where one has no place any more."""
    texts = {}
    for folder in ("src", "fuzz/Firstbyte.Fuzz", "labs", "docs"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and not {"bin", "obj"} & set(file.relative_to(ROOT).parts):
                texts[str(file.relative_to(ROOT))] = file.read_bytes()
    for file in ROOT.iterdir():
        if file.is_file() and file.suffix in (".props", ".targets", ".json", ".globalconfig", ".editorconfig") or file.name in (".editorconfig", ".globalconfig"):
            texts[file.name] = file.read_bytes()
    originals = dict(texts)
    for name, _, parts in bugs():
        for file, before, after in parts:
            old, new = "\n".join(before).strip("\n"), "\n".join(after).strip("\n").replace("{bug}", f'Firstbyte.Planted.Is("{name}")')
            count = originals[file].decode("utf-8").count(old)
            if count != 1:
                raise SystemExit(f"{name}: the text stands {count} times in {file}, not once: {old.strip()}")
            texts[file] = texts[file].decode("utf-8").replace(old, new).encode("utf-8")
    texts["src/Firstbyte.Protocols/Planted.cs"] = CHOOSER.encode("utf-8")
    return texts


def plant():
    """A copy of it. Files that are as before stay untouched, so that nothing is compiled again for them."""
    texts = planted()
    for path, data in texts.items():
        file = COPY / path
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    for folder in ("src", "fuzz/Firstbyte.Fuzz", "labs", "docs"):
        for file in (COPY / folder).rglob("*"):
            if file.is_file() and not {"bin", "obj"} & set(file.relative_to(COPY).parts) and str(file.relative_to(COPY)) not in texts:
                file.unlink()


def build():
    project = COPY / "fuzz" / "Firstbyte.Fuzz"
    # The copies' style and warnings have been judged where they stand.
    subprocess.run(["dotnet", "build", "-c", "Release", str(project), "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:TreatWarningsAsErrors=false",
                    "-v", "q", "-clp:ErrorsOnly", "-nodeReuse:false"], check=True)
    built, folder = project / "bin" / "Release" / "net10.0", COPY / "instrumented"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(built, folder)
    subprocess.run(["dotnet", str(built / "Firstbyte.Fuzz.dll"), "instrument", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder / "Firstbyte.Fuzz.dll"


def main(arguments):
    seconds = 600
    if arguments == ["--check"]:
        planted()
        return 0
    if arguments[:1] == ["--seconds"]:
        seconds, arguments = int(arguments[1]), arguments[2:]
    chosen = [bug for bug in bugs() if not arguments or bug[0] in arguments or bug[1] in arguments]
    plant()
    program = build()
    work, kept = COPY / "work", ROOT / "fuzz" / "corpus"
    shutil.rmtree(work, ignore_errors=True)
    common = ["--corpus", str(kept), "--work", str(work)]
    clean = subprocess.run(["dotnet", str(program), "replay", *sorted({bug[1] for bug in chosen}), *common], stdout=subprocess.PIPE, text=True)
    print(f"without a bug: {'nothing found' if clean.returncode == 0 else 'FINDINGS'}\n\n| bug | target | found after | inputs | by |\n|---|---|---|---|---|", flush=True)
    missed = int(clean.returncode != 0)
    for name, target, _ in chosen:
        shutil.rmtree(work, ignore_errors=True)
        start = time.monotonic()
        run = subprocess.run(["dotnet", str(program), "fuzz", target, "--seconds", str(seconds), "--seed", "1", "--stop", *common],
                             env={**os.environ, "PLANTED_BUG": name}, capture_output=True, text=True, errors="replace")
        taken = time.monotonic() - start
        row = re.search(rf"^\| {re.escape(target)} \| [\d.]+ \| (\d+) ", run.stdout, re.MULTILINE)
        what = next((line for line in run.stderr.split("\n") if re.match(r"^[\w.]+(Exception|Error)", line) or "does not end within" in line or "overflow" in line.lower()), "")
        if run.returncode == 0 or not what:
            missed += 1
        print(f"| {name} | {target} | {f'{taken:.1f} s' if what else 'NOT FOUND'} | {row[1] if row else ''} | {what[:100]} |", flush=True)
    return 1 if missed else 0


sys.exit(main(sys.argv[1:]))
