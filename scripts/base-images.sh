#!/usr/bin/env bash
# Makes sure that the images of our examples and tests are there: pulled where a registry answers,
# else made from Debian's packages under the same names.
#
#     scripts/base-images.sh                  all of them
#     scripts/base-images.sh busybox:1 …      these
#
# It builds in a memory file system of its own mount namespace: killed at any moment, it leaves
# nothing behind, and `docker import` makes an image whole or not at all.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

debian=debian:bookworm-slim
python=python:3.11-slim-bookworm
busybox=busybox:1
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mirror=${SLIPWAY_DEBIAN_MIRROR:-http://deb.debian.org/debian}

has() { timeout 30 docker image inspect "$1" >/dev/null 2>&1; }

registry_answers() {
    timeout 4 bash -c '</dev/tcp/registry-1.docker.io/443' >/dev/null 2>&1
}

import() {
    docker import --change "ENV PATH=$path" --change "CMD $2" - "$1" >/dev/null
}

# Runs a function of this script as root where its mounts end with it.
apart() {
    local script
    script=$(declare -f "$1" import die as_root)
    as_root env path="$path" mirror="$mirror" red="$red" plain="$plain" \
        unshare --mount --propagation private bash -c "set -euo pipefail
work=/var/tmp
mount -t tmpfs -o size=2g,mode=0755 slipway \$work
$script
$(printf '%q ' "$@")" </dev/null
}

# minbase, without what nobody reads in a container.
make_debian() {
    local name=$1 command=$2 include=$3
    debootstrap --variant=minbase ${include:+--include="$include"} bookworm "$work/root" "$mirror" \
        >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; die "debootstrap failed"; }
    rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* \
        "$work"/root/var/log/* "$work"/root/usr/share/{doc,info,locale,man}/*
    if [ -n "$include" ]; then
        ln -s python3 "$work/root/usr/bin/python"
    fi
    tar -C "$work/root" -c --one-file-system . | import "$name" "$command"
}

make_busybox() {
    local root=$work/root
    mkdir -p "$root"/{bin,etc,home,root,usr/bin,var} "$root/tmp"
    chmod 1777 "$root/tmp"
    cp -L "$(dpkg -L busybox-static | grep '/busybox$' | head -n 1)" "$root/bin/busybox"
    "$root/bin/busybox" --list | grep -vx busybox | while read -r applet; do
        ln "$root/bin/busybox" "$root/bin/$applet"
    done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    echo 'root:x:0:' >"$root/etc/group"
    tar -C "$root" -c . | import "$1" '["sh"]'
}

make_image() {
    case "$1" in
        "$debian") apart make_debian "$debian" '["bash"]' "" ;;
        "$python") apart make_debian "$python" '["python3"]' python3,git,make,ca-certificates ;;
        "$busybox") apart make_busybox "$busybox" ;;
        *) die "no recipe for the image $1" ;;
    esac
}

[ $# -gt 0 ] || set -- "$busybox" "$debian" "$python"
wanted=()
for image in "$@"; do
    has "$image" || wanted+=("$image")
done
[ ${#wanted[@]} -gt 0 ] || exit 0

# Two at once would only do the work twice.
exec 9>"/tmp/slipway-base-images-$(id -u).lock"
flock 9

online=no
registry_answers && online=yes
for image in "${wanted[@]}"; do
    has "$image" && continue
    begin=$SECONDS
    if [ $online = yes ] && timeout 300 docker pull -q "$image" >/dev/null 2>&1; then
        say "image $image pulled ($((SECONDS - begin)) s)"
        continue
    fi
    scripts/install-packages.sh images
    say "image $image: no registry answers, making it from Debian's packages (up to a minute)"
    make_image "$image"
    say "image $image made ($((SECONDS - begin)) s)"
done
