#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what is missing from Debian. Says what it does; needs root or sudo only when something is
# missing. A command behind a package's name: who has that command from elsewhere needs no package.
# usage: deps.sh PACKAGES.TXT
set -eu

missing=""
while read -r package command; do
    [ -n "$package" ] || continue
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
        { [ -n "$command" ] && command -v "$command" >/dev/null; } ||
        missing="$missing $package"
done <<LIST
$(sed -e 's/#.*//' "$1")
LIST
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || {
        echo "Please run this as root (there is no sudo): apt-get install$missing" >&2
        exit 1
    }
fi
echo "Installing from Debian:$missing"
# Some packages bring a service; the tests start their own, so none is started here.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of names
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
