#!/bin/sh
# A changed variable can break a version that worked.
exec "$(dirname "$0")/../../hooks/postdeploy/90-ready.sh"
