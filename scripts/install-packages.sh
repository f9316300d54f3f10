#!/usr/bin/env bash
# Installs the Debian packages that are missing for the purposes named:
#
#     scripts/install-packages.sh build engine images python browser remotes bench
#
# What is there already is left alone, whoever put it there: a command on the PATH or a header
# counts, not a package's name. Without anything to do it says nothing and asks no server.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

missing=()

need_command() { command -v "$1" >/dev/null || missing+=("$2"); }
need_file() { [ -e "$1" ] || missing+=("$2"); }

build() {
    need_command git git
    need_command pkg-config pkg-config
    need_command c++ g++
    need_file /usr/include/git2.h libgit2-dev
    need_file /usr/include/sqlite3.h libsqlite3-dev
    need_file /usr/include/zlib.h zlib1g-dev
    need_file /etc/ssl/certs/ca-certificates.crt ca-certificates
}

engine() {
    engine_answers && return
    need_command docker docker.io
    need_command dockerd docker.io
    need_command docker-init tini
    # Without systemd nobody else mounts the control groups.
    mountpoint -q /sys/fs/cgroup || need_command cgroupfs-mount cgroupfs-mount
}

images() {
    need_command debootstrap debootstrap
    need_file /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
    # The one on the PATH may be linked dynamically, and an image holds no library.
    dpkg-query -W -f '${db:Status-Status}' busybox-static 2>/dev/null | grep -qx installed ||
        missing+=(busybox-static)
}

python() { need_command python3 python3; }

browser() {
    need_command python3 python3
    python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
    need_command chromium chromium
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
}

remotes() {
    need_command ssh-keygen openssh-client
    need_command openssl openssl
    python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
}

bench() {
    need_command python3 python3
    need_command wrk wrk
}

for purpose in "$@"; do
    case "$purpose" in
        build | engine | images | python | browser | remotes | bench) "$purpose" ;;
        *) die "unknown purpose '$purpose'" ;;
    esac
done

[ ${#missing[@]} -gt 0 ] || exit 0
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
command -v apt-get >/dev/null ||
    die "this machine has no apt-get; install what these Debian packages hold: ${missing[*]}"

say "installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null >>"$log" 2>&1
}
install() { apt install -y --no-install-recommends "${missing[@]}"; }
if ! { apt update && install; }; then
    # A mirror in the middle of its update answers well a moment later.
    sleep 5
    { apt update && install; } || { tail -n 20 "$log" >&2; die "apt-get could not install them"; }
fi
