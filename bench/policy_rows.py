# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy compiler: time for the longest of the five real policies, growth, and how well duties bind."""

import pathlib
import subprocess
import sys

from row import Row

SOURCE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / "test/policy"))
import binding_quality  # noqa: E402
import policy_left_out  # noqa: E402

MEGABYTES = 10


def median(build, policy, repeat, runs):
    out = subprocess.run([str(build / "bench/policy_bench"), str(policy), str(repeat), str(runs)],
                         capture_output=True, text=True, check=True).stdout.split()
    return float(out[0]), int(out[1])


def rows(build):
    folder = SOURCE.parent / "shared/policies"
    if not folder.exists():
        return
    longest = max(folder.glob("*.txt"), key=lambda path: path.stat().st_size)
    once, size = median(build, longest, 1, 21)
    yield Row("policy compile, longest of the five", once, "ms", 20)
    many, large = median(build, longest, MEGABYTES * 1000000 // size, 1)
    yield Row(f"policy compile, {large / 1e6:.1f} MB, per byte against the one", (many / large) / (once / size), "x", 2)
    quality = binding_quality.measure(build / "src/command/sekisho", folder)
    yield Row("binding precision, all labelled requirements", quality.precision, "", 0.9, True)
    yield Row("binding recall, all labelled requirements", quality.recall, "", 0.9, True)
    for name in ("youkou", "kijun"):
        sample = binding_quality.measure_sample(build / "src/command/sekisho", name)
        yield Row(f"binding precision, sample {name}", sample.precision, "", 0.9, True)
        yield Row(f"binding recall, sample {name}", sample.recall, "", 0.9, True)
    for way in policy_left_out.WAYS:
        for name, gone, left in policy_left_out.measure(build, folder, way):
            yield Row(f"binding precision, {name} {way} ({gone} terms fewer)", left.precision, "", 0.9, True)
            yield Row(f"binding recall, {name} {way}", left.recall, "", 0.9, True)
