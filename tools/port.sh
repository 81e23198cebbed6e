#!/usr/bin/env bash
# Says in a sentence when a port cannot be served on, before anything is built for minutes: tools/port.sh 8080
set -euo pipefail
port=${1-}

case "$port" in
    '' | *[!0-9]*)
        echo "PORT=$port is not a number: make serve PORT=8081, for example." >&2
        exit 1
        ;;
esac
# Someone listens where a connection is taken. bash itself connects: no other program need be installed.
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "Port $port is taken by another program: choose another, as in make serve PORT=$((port + 1))." >&2
    exit 1
fi
