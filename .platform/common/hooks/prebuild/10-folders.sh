#!/bin/sh
# The folders that the app needs beside its own code, which each deployment replaces. Nothing is printed here that the
# environment holds.
set -eu

# Whatever lives on this instance, such as mail that no server is named for.
install -d -o webapp -g webapp -m 0750 /var/lib/classic

# The socket between nginx and gunicorn, out of everybody else's reach. /run is empty after a reboot, when no hook runs.
install -d -o webapp -g nginx -m 0750 /run/classic
echo 'd /run/classic 0750 webapp nginx -' >/etc/tmpfiles.d/classic.conf
