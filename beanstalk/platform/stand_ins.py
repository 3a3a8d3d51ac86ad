"""Stand-ins for what only Amazon Linux has, or only root may do.

They are first on PATH. Each notes its call, a line of name and words in the file `calls`, and does the nearest
harmless thing: to mount is to link to a folder that all versions and both tiers of a site share.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

SCRIPT = """#!/bin/sh
name=${{0##*/}}
printf '%s\\n' "$name${{*:+ }}$*" >>{calls}
for last; do :; done
case $name in
dnf | yum)
    # The programs that a package brings are there from now on.
    case " $* " in *" amazon-efs-utils "*) ln -sf stand-in "${{0%/*}}/mount.efs" ;; esac
    ;;
mount | mount.*)
    shared={mounts}/${{last##*/}}
    mkdir -p "$shared"
    [ ! -d "$last" ] || [ -L "$last" ] || rmdir "$last" || exit 32
    ln -sfn "$shared" "$last"
    ;;
umount)
    rm "$last" && mkdir "$last"
    ;;
mountpoint)
    [ -L "$last" ]
    ;;
blkid)
    echo 00000000-0000-0000-0000-000000000000
    ;;
install)
    # Everything belongs to whoever runs this.
    skip=
    for word; do
        shift
        if [ -n "$skip" ]; then skip=; continue; fi
        case $word in
        -o | -g | --owner | --group) skip=1 ;;
        --owner=* | --group=*) ;;
        *) set -- "$@" "$word" ;;
        esac
    done
    PATH=${{PATH#*:}} exec install "$@"
    ;;
runuser | su | sudo)
    while [ $# -gt 0 ]; do
        case $1 in
        -u | -g | --user | --group) shift 2 ;;
        -c | --command) shift; exec sh -c "$1" ;;
        --) shift; break ;;
        -*) shift ;;
        *) [ "$name" = su ] && shift || break ;;
        esac
    done
    exec "$@"
    ;;
esac
"""
NAMES = (
    *("dnf", "yum", "rpm", "amazon-linux-extras", "alternatives"),
    *("systemctl", "service", "chkconfig", "initctl", "journalctl", "systemd-tmpfiles", "sysctl"),
    *("chown", "chgrp", "install", "runuser", "su", "sudo", "useradd", "usermod", "groupadd", "passwd"),
    *("mount", "umount", "mountpoint", "blkid", "mkfs", "mkfs.xfs", "mkfs.ext4", "mkswap", "swapon", "resize2fs"),
    *("setsebool", "restorecon", "semanage", "crontab", "reboot", "shutdown"),
)
GET_CONFIG = """#!/bin/sh
printf '%s\\n' "get-config $*" >>{calls}
exec {python} -I {script} {state} "$@"
"""


def write(folder: Path, calls: Path, mounts: Path) -> None:
    """Put a stand-in of each name into `folder`."""
    folder.mkdir(parents=True)
    script = SCRIPT.format(calls=shlex.quote(str(calls)), mounts=shlex.quote(str(mounts)))
    (folder / "stand-in").write_text(script)
    (folder / "stand-in").chmod(0o755)
    for name in NAMES:
        (folder / name).symlink_to("stand-in")


def write_get_config(path: Path, state: Path, calls: Path) -> None:
    """Put the platform's own program there, which answers from the file `state`."""
    state_of = {"python": sys.executable, "script": Path(__file__).with_name("get_config.py"), "state": state}
    words = {name: shlex.quote(str(value)) for name, value in {**state_of, "calls": calls}.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GET_CONFIG.format(**words))
    path.chmod(0o755)
