/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the command line of `sekisho disarm`. */
#include "command/disarm_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "command/command.h"

enum {
    PASSWORD_BYTES_MAX = 1024,
    DPI_MIN = 36,
    DPI_MAX = 600,
    JOBS_MAX = 256,
};

enum option_code {
    OPTION_OUTPUT = 'o',
    OPTION_TREATMENT = 't',
    OPTION_HELP = 'h',
    OPTION_QUIET = 'q',
    OPTION_FOLDER = 256,
    OPTION_PASSWORD,
    OPTION_JSON,
    OPTION_FORMATS,
    OPTION_LIMIT,
    OPTION_METADATA,
    OPTION_NO_COMMENTS,
    OPTION_MISMATCH,
    OPTION_UTF8,
    OPTION_ENCRYPT,
    OPTION_DPI,
    OPTION_FORCE,
    OPTION_JOBS,
    OPTION_LANGUAGE,
};

static const struct option long_options[] = {
    {"allow-mismatch", no_argument, NULL, OPTION_MISMATCH},
    {"dpi", required_argument, NULL, OPTION_DPI},
    {"encrypt-again", no_argument, NULL, OPTION_ENCRYPT},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"formats", no_argument, NULL, OPTION_FORMATS},
    {"help", no_argument, NULL, OPTION_HELP},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"json", no_argument, NULL, OPTION_JSON},
    {"keep-metadata", no_argument, NULL, OPTION_METADATA},
    {"lang", required_argument, NULL, OPTION_LANGUAGE},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"no-comments", no_argument, NULL, OPTION_NO_COMMENTS},
    {"out-dir", required_argument, NULL, OPTION_FOLDER},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"password-file", required_argument, NULL, OPTION_PASSWORD},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"text-to-utf8", no_argument, NULL, OPTION_UTF8},
    {"treatment", required_argument, NULL, OPTION_TREATMENT},
    {NULL, 0, NULL, 0},
};

/* Writes what is wrong with the command line; returns -1. */
static int complain(const struct disarm_request *request, const char *key, const char *word)
{
    struct message_value values[] = {{"word", word}};
    command_say(stderr, request->language, key, values, 1);
    command_say(stderr, request->language, "usage.disarm", NULL, 0);
    return -1;
}

/* A number of the whole text, with K, M or G (powers of 1024) behind it. False when it is none. */
static bool parse_number(const char *text, uint64_t *value)
{
    static const char units[] = "KMG";
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;
    unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
    if (unit)
        end++;
    if (errno || *end || number > UINT64_MAX >> shift)
        return false;
    *value = (uint64_t)number << shift;
    return true;
}

static int parse_range(const struct disarm_request *request, const char *text, unsigned low,
                       unsigned high, unsigned *value)
{
    uint64_t number;
    if (!parse_number(text, &number) || number < low || number > high)
        return complain(request, "usage.number_bad", text);
    *value = (unsigned)number;
    return 0;
}

/* NAME=VALUE */
static int parse_limit(struct disarm_request *request, const char *text)
{
    const char *equals = strchr(text, '=');
    AUTO_BUFFER name = {0};
    if (equals)
        buffer_append(&name, text, (size_t)(equals - text));
    uint64_t *limit = disarm_limit_find(&request->options.limits, buffer_string(&name));
    if (limit && parse_number(equals + 1, limit))
        return 0;
    return complain(request, "usage.limit_bad", text);
}

static int parse_treatment(struct disarm_request *request, const char *text)
{
    for (int i = 0; i < DISARM_TREATMENT_COUNT; i++) {
        if (!strcmp(text, disarm_treatment_name(i))) {
            request->options.treatment = i;
            return 0;
        }
    }
    return complain(request, "usage.treatment_bad", text);
}

/* The first line end of the file is not part of the password. */
static int read_password(struct disarm_request *request, const char *path)
{
    struct error error;
    struct buffer *password = &request->password;
    buffer_clear(password);
    if (file_read(path, PASSWORD_BYTES_MAX, password, &error)) {
        command_say_error(stderr, request->language, &error);
        return -1;
    }
    if (password->length && password->data[password->length - 1] == '\n')
        password->length--;
    if (password->length && password->data[password->length - 1] == '\r')
        password->length--;
    bool has_nul = password->length && memchr(password->data, 0, password->length);
    if (!password->length || has_nul || !utf8_valid(buffer_bytes(password)))
        return complain(request, "usage.password_bad", path);
    request->options.password = buffer_string(password);
    return 0;
}

/* An option that is only there or not. False when code is another one. */
static bool set_flag(struct disarm_request *request, int code)
{
    switch (code) {
    case OPTION_MISMATCH:
        return request->options.allow_mismatch = true;
    case OPTION_ENCRYPT:
        return request->options.encrypt_again = true;
    case OPTION_UTF8:
        return request->options.text_to_utf8 = true;
    case OPTION_METADATA:
        return request->options.keep_metadata = true;
    case OPTION_NO_COMMENTS:
        request->options.keep_comments = false;
        return true;
    case OPTION_FORCE:
        return request->force = true;
    case OPTION_JSON:
        return request->json = true;
    case OPTION_QUIET:
        return request->quiet = true;
    default:
        return false;
    }
}

static int set_value(struct disarm_request *request, int code, const char *value)
{
    switch (code) {
    case OPTION_OUTPUT:
        request->file = value;
        return 0;
    case OPTION_FOLDER:
        request->folder = value;
        return 0;
    case OPTION_TREATMENT:
        return parse_treatment(request, value);
    case OPTION_PASSWORD:
        return read_password(request, value);
    case OPTION_LIMIT:
        return parse_limit(request, value);
    case OPTION_DPI:
        return parse_range(request, value, DPI_MIN, DPI_MAX, &request->options.flatten_dpi);
    case OPTION_JOBS:
        return parse_range(request, value, 1, JOBS_MAX, &request->jobs);
    case OPTION_LANGUAGE:
        return command_parse_language(value, &request->language)
                   ? 0
                   : complain(request, "usage.language_bad", value);
    default:
        return -1;
    }
}

/* -o takes one file, --out-dir any number; one of them is needed, never both. */
static int check_paths(const struct disarm_request *request)
{
    if (!request->path_count)
        return complain(request, "usage.file_missing", "");
    if (!request->file == !request->folder)
        return complain(request, "usage.output_needed", "");
    if (request->file && request->path_count > 1)
        return complain(request, "usage.one_file", "");
    return 0;
}

int disarm_request_parse(int argc, char **argv, struct disarm_request *request)
{
    *request =
        (struct disarm_request){.language = command_language(), .options = disarm_default_options};
    int code;
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":o:t:hq", long_options, NULL)) != -1) {
        if (code == OPTION_HELP)
            request->action = ACTION_HELP;
        else if (code == OPTION_FORMATS)
            request->action = ACTION_FORMATS;
        else if (code == '?' || code == ':')
            return complain(request, code == '?' ? "usage.option_unknown" : "usage.value_missing",
                            argv[optind - 1]);
        else if (!set_flag(request, code) && set_value(request, code, optarg))
            return -1;
    }
    request->paths = argv + optind;
    request->path_count = argc - optind;
    return request->action == ACTION_DISARM ? check_paths(request) : 0;
}

void disarm_request_clear(struct disarm_request *request)
{
    if (request->password.data)
        explicit_bzero(request->password.data, request->password.capacity);
    buffer_free(&request->password);
}
