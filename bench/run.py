#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every measurement and print one table: what `make bench` does.

usage: run.py BUILD_DIR [AREA...]

Each bench/<area>_rows.py has a function rows(build) that measures and yields Row objects. Peers are
measured in the same run on the same machine, so that the ratios mean something.
"""

import importlib
import os
import pathlib
import platform
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools"), str(HERE.parent / "test/disarm")]


def verdict(row):
    if row.target is None or row.value is None:
        return ""
    met = row.value >= row.target if row.more_is_better else row.value <= row.target
    return "reached" if met else "MISSED"


def show(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def peers_of(row):
    words = []
    for name, value in row.peers:
        ratio = ""
        if isinstance(value, (int, float)) and isinstance(row.value, (int, float)) and row.value and value:
            factor = row.value / value if row.more_is_better else value / row.value
            ratio = f" (x{factor:.2g})"
        words.append(f"{name} {show(value)}{ratio}")
    return "; ".join(words)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    areas = sys.argv[2:] or sorted(path.name.removesuffix("_rows.py") for path in HERE.glob("*_rows.py"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.release()}")
    print("(xN) behind a peer: how many times better we are; below 1 we are worse.\n")
    print(f"{'what':58} {'measured':>10} {'unit':8} {'target':>10} {'':8} peers in the same run")
    missed = 0
    for area in areas:
        for row in importlib.import_module(f"{area}_rows").rows(build):
            sign = ">=" if row.more_is_better else "<="
            target = f"{sign} {show(row.target)}" if row.target is not None else ""
            print(f"{row.what:58} {show(row.value):>10} {row.unit:8} {target:>10} {verdict(row):8}"
                  f" {peers_of(row)}", flush=True)
            missed += verdict(row) == "MISSED"
    print(f"\n{missed} targets missed")


if __name__ == "__main__":
    main()
