/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP requests to witnesses, all at once, by libcurl. */
#include "command/witness_client.h"

#include <curl/curl.h>

enum {
    ANSWER_BYTES_MAX = 65536,
    POLL_MS = 100,
};

struct exchange {
    CURL *handle;
    struct buffer url;
    struct sealer_question *question;
};

static size_t take_answer(char *data, size_t size, size_t count, void *context)
{
    struct buffer *answer = context;
    if (answer->length + size * count > ANSWER_BYTES_MAX)
        return 0;
    buffer_append(answer, data, size * count);
    return size * count;
}

static bool prepare(struct exchange *exchange, const char *prefix, long timeout)
{
    exchange->handle = curl_easy_init();
    if (!exchange->handle)
        return false;
    CURL *handle = exchange->handle;
    buffer_append_format(&exchange->url, "%s/add-checkpoint", prefix);
    curl_easy_setopt(handle, CURLOPT_URL, buffer_string(&exchange->url));
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, exchange->question->body.data);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, (long)exchange->question->body.length);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange->question->answer);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    return true;
}

static void run_all(CURLM *multi)
{
    int running = 1;
    while (running > 0) {
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            return;
        if (running > 0 && curl_multi_poll(multi, NULL, 0, POLL_MS, NULL) != CURLM_OK)
            return;
    }
}

/* The status counts only for an exchange that went through to its end. */
static void collect(CURLM *multi)
{
    int left;
    for (CURLMsg *message = curl_multi_info_read(multi, &left); message;
         message = curl_multi_info_read(multi, &left)) {
        long status = 0;
        char *context = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &context);
        struct sealer_question *question = (struct sealer_question *)(void *)context;
        if (message->data.result == CURLE_OK)
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        question->status = (int)status;
    }
}

void witness_client_ask(void *context, struct sealer_question *questions, size_t count)
{
    const struct witness_client *client = context;
    struct exchange exchanges[SEALER_WITNESSES_MAX] = {0};
    CURLM *multi = curl_multi_init();
    if (!multi)
        return;
    for (size_t i = 0; i < count && i < SEALER_WITNESSES_MAX; i++) {
        exchanges[i].question = &questions[i];
        if (!prepare(&exchanges[i], client->prefixes[questions[i].witness], client->timeout))
            continue;
        curl_easy_setopt(exchanges[i].handle, CURLOPT_PRIVATE, &questions[i]);
        curl_multi_add_handle(multi, exchanges[i].handle);
    }
    run_all(multi);
    collect(multi);
    for (size_t i = 0; i < count && i < SEALER_WITNESSES_MAX; i++) {
        if (exchanges[i].handle)
            curl_multi_remove_handle(multi, exchanges[i].handle);
        curl_easy_cleanup(exchanges[i].handle);
        buffer_free(&exchanges[i].url);
    }
    curl_multi_cleanup(multi);
}
