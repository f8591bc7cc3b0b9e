# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module of sample documents gives: a list of Sample by its function samples()."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Sample:
    """One document of our own making, and what disarming it must do."""

    name: str  # file name, with the extension that it claims
    data: bytes
    construct: str = ""  # key of the hostile construct in it; "" for an honest file
    gone: tuple = ()  # byte strings that must stand nowhere in the fully unpacked output
    stays: tuple = ()  # texts that must still be found in the fully unpacked output
    refused: str | None = None  # the code of the refusal that is expected instead of an output
    treatment: str = "rebuild"
    password: str | None = None
