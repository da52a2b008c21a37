#!/usr/bin/env bash
# Start-up beside curl: whole processes, wall milliseconds, median and minimum of interleaved runs.
#   bench/startup.sh PATH_OF_FIRSTBYTE [RUNS]
set -euo pipefail
ours=$1 runs=${2:-40} work=$(mktemp -d)
PATH=$PATH:/usr/sbin
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
mkdir -p "$work/www"; head -c 1024 /dev/zero | tr '\0' 'x' >"$work/www/1k"; chmod 755 "$work" "$work/www"
cat >"$work/nginx.conf" <<C
daemon off; worker_processes 1; pid $work/pid; error_log $work/error.log;
events { worker_connections 64; }
http { access_log off; server { listen 127.0.0.1:$port; root $work/www; } }
C
nginx -c "$work/nginx.conf" & server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 50); do curl -s -o /dev/null "http://127.0.0.1:$port/1k" && break; sleep 0.1; done
cmp <(curl -s "http://127.0.0.1:$port/1k") <("$ours" --body "http://127.0.0.1:$port/1k")
hyperfine -N --warmup 3 --runs "$runs" --export-json "$work/rows.json" \
  "curl -s http://127.0.0.1:$port/1k" "$ours --body http://127.0.0.1:$port/1k" "curl --version" "$ours --version" >/dev/null 2>&1
jq -r '.results as $r | "| command | median ms | min ms | of curl |", "|---|---|---|---|",
  (range(4) as $i | $r[$i] | "| \(if $i%2==0 then "curl" else "firstbyte" end) \(if $i<2 then "GET 1 KB from nginx" else "--version" end) | \(.median*1e4|round/10) | \(.min*1e4|round/10) | \((.median/$r[$i-($i%2)].median)*100|round/100) |")' "$work/rows.json"
