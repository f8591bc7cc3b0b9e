/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collecting the file in memory, having text made of it elsewhere, and keeping both. */
#include "web/policy_upload.h"

#include <stdlib.h>

#include "adoption/adoption.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "gate/renderer.h"

struct upload {
    char name[ADOPTION_FILE_SIZE];
    struct buffer file;
    bool refused, too_long;
};

static void close_upload(void *context)
{
    struct upload *upload = context;
    buffer_free(&upload->file);
    free(upload);
}

void policy_upload_file(struct web_request *request, const char *name, struct bytes data,
                        uint64_t offset)
{
    bool first;
    struct upload *upload = request_upload(request, sizeof *upload, close_upload, &first);
    if (first) {
        upload->refused = !request_is_ours(request);
        utf8_copy(upload->name, sizeof upload->name, name);
    }
    upload->too_long |= offset + data.length > POLICY_UPLOAD_BYTES;
    if (!upload->refused && !upload->too_long && offset == upload->file.length)
        buffer_append_bytes(&upload->file, data);
}

int policy_upload_store(struct web_request *request, int64_t *version, struct error *error)
{
    const struct upload *upload = request->upload;
    AUTO_BUFFER text = {0};
    if (!upload || !upload->file.length)
        return error_set(error, "policy_upload_none", NULL, "%s", "");
    if (upload->too_long)
        return error_set(error, "policy_upload_long", upload->name, "%d",
                         POLICY_UPLOAD_BYTES >> 20);
    struct bytes file = buffer_bytes(&upload->file);
    if (renderer_text(request->server->options.renderer, upload->name, file, &text, error) != 0)
        return -1;
    struct identity_act act = identity_session_act(&request->session, request->now);
    const struct adoption_upload given = {upload->name, file, buffer_bytes(&text)};
    return adoption_store(request->store, &act, &given, version, error);
}
