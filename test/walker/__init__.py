# SPDX-License-Identifier: GPL-3.0-or-later
"""An independent walker: unpacks a file completely and lists the active constructs in it.

It is written from the specifications with the standard library alone and shares nothing with the
product, so that one mistake cannot hide in both. It errs on the side of finding.
"""

from .walk import Finding, Walk, walk  # noqa: F401
