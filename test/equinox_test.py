# SPDX-License-Identifier: GPL-3.0-or-later
"""The equinox days of the calendar are those on which the sun crosses the equator, in Japan's time.

The moments come from the low-precision series of J. Meeus, Astronomical Algorithms, chapter 27
(good to a minute), nothing of which the calendar itself uses.
"""

import datetime
import math
import subprocess
import sys

import tap

START = {
    "march": (2451623.80984, 365242.37404, 0.05169, -0.00411, -0.00057),
    "september": (2451810.21715, 365242.01767, -0.11575, 0.00337, 0.00078),
}
TERMS = [
    (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186),
    (182, 27.85, 445267.112), (156, 73.14, 45036.886), (136, 171.52, 22518.443),
    (77, 222.54, 65928.934), (74, 296.72, 3034.906), (70, 243.58, 9037.513),
    (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226),
    (45, 247.54, 29929.562), (44, 325.15, 31555.956), (29, 60.93, 4443.417),
    (18, 155.12, 67555.328), (17, 288.79, 4562.452), (16, 198.04, 62894.029),
    (14, 199.76, 31436.921), (12, 95.39, 14577.848), (12, 287.11, 31931.756),
    (12, 320.81, 34777.259), (9, 227.73, 1222.114), (8, 15.45, 16859.074),
]
JULIAN_DAY_OF_1970 = 2440587.5
SECONDS_AHEAD = 75  # of dynamical over universal time in these decades, near enough


def equinox(year, which):
    """The moment of an equinox on Japan's clock."""
    millennia = (year - 2000) / 1000
    day = sum(factor * millennia**power for power, factor in enumerate(START[which]))
    centuries = (day - 2451545) / 36525
    angle = math.radians(35999.373 * centuries - 2.47)
    scale = 1 + 0.0334 * math.cos(angle) + 0.0007 * math.cos(2 * angle)
    wave = sum(a * math.cos(math.radians(b + c * centuries)) for a, b, c in TERMS)
    seconds = (day + 0.00001 * wave / scale - JULIAN_DAY_OF_1970) * 86400 - SECONDS_AHEAD
    epoch = datetime.datetime(1970, 1, 1)
    return epoch + datetime.timedelta(seconds=seconds, hours=9)


def test_the_equinox_days_are_those_of_the_sky():
    command = [tap.BUILD / "test/calendar_test", "2000", "2050"]
    ours = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    sky = [equinox(year, which) for year in range(2000, 2051) for which in START]
    assert ours == [str(moment.date()) for moment in sky], "the calendar and the sky disagree"


def test_the_series_meets_a_known_equinox():
    known = datetime.datetime(2024, 3, 20, 12, 6)  # published for Japan
    assert abs(equinox(2024, "march") - known) < datetime.timedelta(minutes=2)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
