#!/usr/bin/env bash
# Builds the fuzzer, makes an instrumented copy of it and runs a command there: fuzz/run.sh fuzz url --seconds 60
# With KEEP=1 an instrumented copy that is there already is used as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=artifacts/fuzz/instrumented
if [ "${KEEP:-0}" != 1 ] || [ ! -e $copy/Firstbyte.Fuzz.dll ]; then
  dotnet build -c Release fuzz/Firstbyte.Fuzz ${BUILD:-} -v q -clp:ErrorsOnly -nodeReuse:false >&2
  rm -rf $copy
  mkdir -p $copy
  cp -r fuzz/Firstbyte.Fuzz/bin/Release/net10.0/. $copy
  dotnet fuzz/Firstbyte.Fuzz/bin/Release/net10.0/Firstbyte.Fuzz.dll instrument $copy >&2
fi
exec dotnet $copy/Firstbyte.Fuzz.dll "$@"
