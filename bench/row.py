# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of the benchmark's table."""

import dataclasses


@dataclasses.dataclass
class Row:
    what: str
    value: float | None
    unit: str
    target: float | None = None
    more_is_better: bool = False
    peers: list = dataclasses.field(default_factory=list)  # (name, value in the same unit)
