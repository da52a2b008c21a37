#!/usr/bin/env bash
# Runs one target under AFL++ (Debian: apt-get install afl++) for so many seconds, from the kept corpus:
#   fuzz/afl.sh TARGET [SECONDS [NAME]]        several with different NAMEs work together: the first is called main
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 seconds=${2:-3600} name=${3:-main}
KEEP=${KEEP:-0} fuzz/run.sh list "$target" >/dev/stderr
work=artifacts/fuzz/afl/$target
mkdir -p "$work"
[ "$name" = main ] && role=-M || role=-S
# dotnet is no instrumented binary and finds its crashes by exceptions; the map is SharpFuzz's 64 KB.
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1 AFL_MAP_SIZE=65536
afl-fuzz -i "fuzz/corpus/$target" -o "$work" $role "$name" -m none -t 10000 -V "$seconds" -- dotnet artifacts/fuzz/instrumented/Firstbyte.Fuzz.dll afl "$target"
