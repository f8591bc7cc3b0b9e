/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing JSON (RFC 8259) into a buffer: commas and escapes are put in here, so that what comes out
 * is always well formed. Bytes that are not UTF-8 become U+FFFD. Reading JSON is jansson's work.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"

struct json_writer {
    struct buffer *out; /* borrowed */
    bool need_comma;
};

/* A writer that appends to out. */
static inline struct json_writer json_writer_open(struct buffer *out)
{
    return (struct json_writer){out, false};
}

void json_begin_object(struct json_writer *json);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json);
void json_end_array(struct json_writer *json);

/* The name of the next member; a value must follow. */
void json_key(struct json_writer *json, const char *key);

/* Values; json_text(NULL) writes null. The names keep clear of jansson's, which share a program. */
void json_text(struct json_writer *json, const char *value);
void json_bytes(struct json_writer *json, struct bytes utf8);
void json_unsigned(struct json_writer *json, uint64_t value);
void json_signed(struct json_writer *json, int64_t value);
void json_number(struct json_writer *json, const char *number); /* already in JSON's form */
void json_truth(struct json_writer *json, bool value);
void json_nothing(struct json_writer *json);

/* A member in one call. */
void json_member_string(struct json_writer *json, const char *key, const char *value);
void json_member_unsigned(struct json_writer *json, const char *key, uint64_t value);
void json_member_boolean(struct json_writer *json, const char *key, bool value);

#endif
