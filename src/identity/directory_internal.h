/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What passes between those who ask the directory process and the process itself. */
#ifndef IDENTITY_DIRECTORY_INTERNAL_H
#define IDENTITY_DIRECTORY_INTERNAL_H

enum {
    DIRECTORY_PASSWORD_SIZE = 513, /* bytes with the NUL */
};

/* The one byte of an answer. */
enum directory_answer {
    DIRECTORY_AWAY = 'a',
    DIRECTORY_NO = 'n',
    DIRECTORY_YES = 'y',
};

#endif
