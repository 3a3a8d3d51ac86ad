#!/bin/sh
# Another file system may be named without a deployment.
exec "$(dirname "$0")/../../hooks/prebuild/20-media.sh"
