/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What passes between those who ask the renderer and the renderer itself. */
#ifndef GATE_RENDERER_INTERNAL_H
#define GATE_RENDERER_INTERNAL_H

#include "base/ipc.h"
#include "gate/renderer.h"

/* Order of the descriptors of a request. */
enum renderer_descriptor {
    RENDERER_INPUT,  /* regular file: the document */
    RENDERER_OUTPUT, /* regular file, empty: what was made of it goes here */
    RENDERER_REPLY,  /* pipe: the answer, and its end */
    RENDERER_DESCRIPTORS,
};

enum { RENDERER_NAME_SIZE = 1024 };

#endif
