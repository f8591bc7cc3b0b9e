#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what is missing from Debian. Says what it does; needs root or sudo only when something is missing.
set -eu

packages=$(sed -e 's/#.*//' "$(dirname "$0")/packages.txt")
missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
        missing="$missing $package"
done
if [ -n "$missing" ]; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    echo "Installing from Debian:$missing"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing
fi
