#!/bin/sh
# Fail the deployment unless this version is ready, asked as the balancer would, through nginx. What it answered last is
# in the log: which part works and which does not.
set -eu

tries=30

until answer=$(curl --silent --show-error --fail-with-body --max-time 10 http://127.0.0.1/health/ready 2>&1); do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
        printf 'not ready: %s\n' "$answer" >&2
        exit 1
    fi
    sleep 2
done

printf 'ready: %s\n' "$answer"
