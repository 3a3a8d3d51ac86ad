#!/bin/sh
# Mount what holds the pictures before the app starts: a file system that all instances share (EFS_FILE_SYSTEM with
# EFS_ACCESS_POINT), or a volume of this instance alone (VOLUME_DEVICE). Where neither is named, nothing happens. It may
# run any number of times, and prints nothing that the environment holds but these names.
set -eu

folder=/mnt/media
table=/etc/fstab

main() {
    if [ -n "${EFS_FILE_SYSTEM:-}" ]; then
        share "$EFS_FILE_SYSTEM" "${EFS_ACCESS_POINT:?is needed with EFS_FILE_SYSTEM}"
    elif [ -n "${VOLUME_DEVICE:-}" ]; then
        attach "$VOLUME_DEVICE"
    fi
}

share() {
    command -v mount.efs >/dev/null || attempt dnf --assumeyes --quiet install amazon-efs-utils
    # By TLS, with the instance's role, and as the user that the access point decides.
    keep_mounted "$1:/ $folder efs _netdev,nofail,tls,iam,accesspoint=$2 0 0"
}

attach() {
    # The device appears some time after the instance has started.
    attempt test -e "$1"
    format_if_blank "$1"
    keep_mounted "UUID=$(blkid --match-tag UUID --output value "$1") $folder auto nofail 0 2"
    chown webapp:webapp "$folder"
}

format_if_blank() {
    # Three must agree before anything is overwritten, for a volume that cannot be read seems empty to the first of
    # them: no known content, nothing but zeros where content begins, and mkfs itself, which is not forced.
    code=0
    blkid --probe "$1" >/dev/null || code=$?
    if [ "$code" -eq 2 ] && cmp --silent --bytes=1048576 "$1" /dev/zero; then
        mkfs.xfs -q "$1"
    elif [ "$code" -ne 0 ]; then
        echo "$1 holds something that is not known, or cannot be read: nothing was done to it" >&2
        exit 1
    fi
}

keep_mounted() {
    if mountpoint -q "$folder"; then
        if grep -qxF "$1" "$table"; then
            return
        fi
        # Files that are open stay so until they are closed.
        umount --lazy "$folder"
    fi
    mkdir -p "$folder"
    sed -i "\|[[:space:]]${folder}[[:space:]]|d" "$table"
    echo "$1" >>"$table"
    attempt timeout 30 mount "$folder"
    echo "mounted: $1"
}

attempt() {
    tries=12
    until "$@"; do
        tries=$((tries - 1))
        if [ "$tries" -le 0 ]; then
            echo "gave up: $*" >&2
            exit 1
        fi
        sleep 5
    done
}

main
