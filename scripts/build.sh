#!/usr/bin/env bash
# Builds, and says beforehand how long a first build takes:
#
#     scripts/build.sh MINUTES SWIFT-BUILD-ARGUMENTS…
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

minutes=$1
shift

command -v swift >/dev/null ||
    die "there is no Swift toolchain on the PATH: Slipway needs Swift 6.3 (https://swift.org/install)"

folder=.build/debug
case " $* " in *" release "*) folder=.build/release ;; esac
if [ -d "$folder" ]; then
    say "building"
else
    say "building; the first time, every dependency too: about $minutes minutes on 2 cores"
fi
begin=$SECONDS
swift build "$@"
say "built in $((SECONDS - begin)) s"
