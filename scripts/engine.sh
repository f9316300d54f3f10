#!/usr/bin/env bash
# Makes sure that a Docker engine answers: starts one in the background if none does.
#
# It outlives this script, as a system service would; one that was there is never touched.
# Stop the one started here with: kill $(cat /run/docker.pid)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

log=/var/log/slipway-dockerd.log
start_limit=60

engine_answers && exit 0
scripts/install-packages.sh engine

# Installing the package starts the engine where systemd runs: give it a moment.
if [ -d /run/systemd/system ]; then
    as_root systemctl start docker || true
    for _ in $(seq 20); do
        engine_answers && exit 0
        sleep 0.5
    done
fi

case "$(docker version --format '{{.Server.Version}}' 2>&1)" in
    *"permission denied"*)
        die "the Docker engine runs, but $(id -un) may not use it; run:" \
            "sudo usermod -aG docker $(id -un), and sign in again" ;;
esac

# The pid file of an engine that was killed names a process that may be anything by now.
forget_stale() {
    local file=$1 name=$2 pid
    pid=$(cat "$file" 2>/dev/null) || return 0
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$name" ] || as_root rm -f "$file"
}
forget_stale /run/docker.pid dockerd
forget_stale /run/docker/containerd/containerd.pid containerd

if ! mountpoint -q /sys/fs/cgroup && command -v cgroupfs-mount >/dev/null; then
    as_root cgroupfs-mount
fi

say "starting a Docker engine (log: $log)"
# A session of its own, so that no Ctrl-C meant for us reaches it; closed files, so that nobody
# who reads our output waits for it.
as_root sh -c "setsid dockerd </dev/null >>$log 2>&1 &" </dev/null
for _ in $(seq $((start_limit * 5))); do
    engine_answers && exit 0
    sleep 0.2
done
tail -n 5 "$log" >&2
die "the Docker engine did not answer within $start_limit s"
