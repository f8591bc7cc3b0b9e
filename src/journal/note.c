/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading, verifying and signing notes (C2SP signed-note, tlog-cosignature). */
#include "journal/note.h"

#include <inttypes.h>
#include <sodium.h>

#include "base/cursor.h"
#include "base/utf8.h"
#include "journal/base64.h"

#define EM_DASH "\xE2\x80\x94 "

enum {
    ID_BYTES = 4,
    TIME_BYTES = 8,
    DASH_BYTES = sizeof EM_DASH - 1,
};

static int bad_note(struct error *error, const char *where, const char *what)
{
    return error_set(error, "journal_bad_note", where, "%s", what);
}

/* Unicode's White_Space beyond ASCII, as far as UTF-8 of two or three bytes. */
static bool is_space(uint32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || point == 0xA0 ||
           point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 ||
           point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000;
}

bool note_name_valid(struct bytes name)
{
    if (name.length == 0 || name.length > NOTE_NAME_MAX)
        return false;
    for (size_t at = 0; at < name.length;) {
        uint32_t point;
        size_t length = utf8_decode(bytes_slice(name, at, 4), &point);
        if (length == 0 || is_space(point) || point < 0x20 || point == '+')
            return false;
        at += length;
    }
    return true;
}

/* The control characters that a note must not contain are those below U+0020 other than newline. */
static bool text_valid(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < 0x20 && text.data[i] != '\n')
            return false;
    return utf8_valid(text);
}

/* Cuts one signature line, which ends in a newline; false when it is not one. */
static bool cut_signature(struct bytes line, struct note_signature *signature)
{
    if (!bytes_start_with(line, EM_DASH) || line.data[line.length - 1] != '\n')
        return false;
    struct bytes rest = bytes_slice(line, DASH_BYTES, line.length - DASH_BYTES - 1);
    size_t space = bytes_find(rest, 0, " ");
    if (space == SIZE_MAX)
        return false;
    uint8_t value[ID_BYTES + NOTE_SIGNATURE_MAX];
    ssize_t length = base64_decode(bytes_slice(rest, space + 1, rest.length), value, sizeof value);
    if (length <= ID_BYTES)
        return false;
    struct cursor cursor = cursor_open((struct bytes){value, ID_BYTES});
    signature->line = line;
    signature->name = bytes_slice(rest, 0, space);
    signature->id = cursor_u32be(&cursor);
    signature->length = (size_t)length - ID_BYTES;
    memcpy(signature->value, value + ID_BYTES, signature->length);
    return note_name_valid(signature->name);
}

bool note_next_signature(struct bytes *lines, struct note_signature *signature)
{
    size_t end = bytes_find(*lines, 0, "\n");
    if (end == SIZE_MAX)
        return false;
    struct bytes line = bytes_slice(*lines, 0, end + 1);
    *lines = bytes_slice(*lines, end + 1, lines->length);
    return cut_signature(line, signature);
}

int note_parse_signatures(struct bytes lines, size_t *count, const char *where, struct error *error)
{
    *count = 0;
    if (lines.length == 0 || lines.data[lines.length - 1] != '\n' || !text_valid(lines))
        return bad_note(error, where, "signature lines");
    while (lines.length > 0) {
        struct note_signature signature;
        if (++*count > NOTE_SIGNATURES_MAX)
            return bad_note(error, where, "too many signatures");
        if (!note_next_signature(&lines, &signature))
            return bad_note(error, where, "signature line");
    }
    return 0;
}

int note_parse(struct bytes bytes, struct note *note, const char *where, struct error *error)
{
    if (bytes.length > NOTE_BYTES_MAX)
        return bad_note(error, where, "too long");
    if (!text_valid(bytes))
        return bad_note(error, where, "characters");
    const uint8_t *last = NULL; /* the last empty line separates text and signatures */
    for (size_t at = bytes_find(bytes, 0, "\n\n"); at != SIZE_MAX;
         at = bytes_find(bytes, at + 1, "\n\n"))
        last = bytes.data + at;
    if (!last)
        return bad_note(error, where, "no signatures");
    size_t text = (size_t)(last - bytes.data) + 1;
    note->text = bytes_slice(bytes, 0, text);
    note->signatures = bytes_slice(bytes, text + 1, bytes.length);
    return note_parse_signatures(note->signatures, &note->signature_count, where, error);
}

static uint32_t key_id(const char *name, enum note_algorithm algorithm, const uint8_t key[32])
{
    AUTO_BUFFER message = {0};
    buffer_append_string(&message, name);
    buffer_append_byte(&message, '\n');
    buffer_append_byte(&message, (uint8_t)algorithm);
    buffer_append(&message, key, 32);
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, message.data, message.length);
    struct cursor cursor = cursor_open((struct bytes){hash, sizeof hash});
    return cursor_u32be(&cursor);
}

static int bad_key(struct error *error, const char *what)
{
    return error_set(error, "journal_bad_key", "", "%s", what);
}

/* Fills everything but the key and its id. */
static int set_name(struct note_verifier *verifier, struct bytes name,
                    enum note_algorithm algorithm, struct error *error)
{
    if (!note_name_valid(name))
        return bad_key(error, "name");
    if (algorithm != NOTE_ED25519 && algorithm != NOTE_COSIGNATURE)
        return bad_key(error, "algorithm");
    *verifier = (struct note_verifier){.algorithm = algorithm};
    memcpy(verifier->name, name.data, name.length);
    return 0;
}

static bool parse_hexadecimal(struct bytes text, uint32_t *value)
{
    *value = 0;
    for (size_t i = 0; i < text.length; i++) {
        const char *digits = "0123456789abcdef";
        const char *digit = memchr(digits, text.data[i], 16);
        if (!digit)
            return false;
        *value = *value << 4 | (uint32_t)(digit - digits);
    }
    return text.length == 8;
}

/* name+id+base64(algorithm ‖ 32 bytes), the form that public and private keys share. */
static int parse_key(struct bytes text, struct note_verifier *verifier, uint32_t *id,
                     uint8_t material[32], struct error *error)
{
    while (text.length > 0 && text.data[text.length - 1] == '\n')
        text.length--;
    size_t plus = bytes_find(text, 0, "+");
    size_t second = plus == SIZE_MAX ? SIZE_MAX : bytes_find(text, plus + 1, "+");
    if (second == SIZE_MAX)
        return bad_key(error, "form");
    uint8_t value[1 + 32];
    if (!parse_hexadecimal(bytes_slice(text, plus + 1, second - plus - 1), id) ||
        base64_decode(bytes_slice(text, second + 1, text.length), value, sizeof value) !=
            sizeof value)
        return bad_key(error, "form");
    memcpy(material, value + 1, 32);
    enum note_algorithm algorithm = (enum note_algorithm)value[0];
    sodium_memzero(value, sizeof value);
    return set_name(verifier, bytes_slice(text, 0, plus), algorithm, error);
}

int note_verifier_parse(struct bytes text, struct note_verifier *verifier, struct error *error)
{
    uint8_t key[32];
    uint32_t id;
    if (parse_key(text, verifier, &id, key, error) < 0)
        return -1;
    memcpy(verifier->key, key, sizeof key);
    verifier->id = key_id(verifier->name, verifier->algorithm, verifier->key);
    return verifier->id == id ? 0 : bad_key(error, "id");
}

static void append_key(struct buffer *out, const struct note_verifier *verifier,
                       const uint8_t material[32])
{
    uint8_t value[1 + 32] = {(uint8_t)verifier->algorithm};
    memcpy(value + 1, material, 32);
    buffer_append_format(out, "%s+%08" PRIx32 "+", verifier->name, verifier->id);
    base64_append(out, (struct bytes){value, sizeof value});
    sodium_memzero(value, sizeof value);
}

void note_verifier_append(struct buffer *out, const struct note_verifier *verifier)
{
    append_key(out, verifier, verifier->key);
}

int note_signer_from_seed(const char *name, enum note_algorithm algorithm, const uint8_t seed[32],
                          struct note_signer *signer, struct error *error)
{
    struct note_verifier *verifier = &signer->verifier;
    if (set_name(verifier, bytes_of_string(name), algorithm, error) < 0)
        return -1;
    crypto_sign_ed25519_seed_keypair(verifier->key, signer->secret, seed);
    verifier->id = key_id(verifier->name, algorithm, verifier->key);
    return 0;
}

int note_signer_generate(const char *name, enum note_algorithm algorithm,
                         struct note_signer *signer, struct error *error)
{
    uint8_t seed[crypto_sign_ed25519_SEEDBYTES];
    if (sodium_init() < 0)
        return bad_key(error, "libsodium");
    randombytes_buf(seed, sizeof seed);
    int result = note_signer_from_seed(name, algorithm, seed, signer, error);
    sodium_memzero(seed, sizeof seed);
    return result;
}

#define PRIVATE_PREFIX "PRIVATE+KEY+"

void note_signer_append(struct buffer *out, const struct note_signer *signer)
{
    buffer_append_string(out, PRIVATE_PREFIX);
    append_key(out, &signer->verifier, signer->secret);
}

int note_signer_parse(struct bytes text, struct note_signer *signer, struct error *error)
{
    uint8_t seed[32];
    uint32_t id;
    if (!bytes_start_with(text, PRIVATE_PREFIX))
        return bad_key(error, "form");
    struct note_verifier read;
    text = bytes_slice(text, strlen(PRIVATE_PREFIX), text.length);
    if (parse_key(text, &read, &id, seed, error) < 0)
        return -1;
    int result = note_signer_from_seed(read.name, read.algorithm, seed, signer, error);
    sodium_memzero(seed, sizeof seed);
    if (result < 0 || signer->verifier.id != id)
        return bad_key(error, "id");
    return 0;
}

void note_signer_wipe(struct note_signer *signer)
{
    sodium_memzero(signer->secret, sizeof signer->secret);
}

/* The message under a cosignature: two lines before the text. */
static void append_cosigned(struct buffer *out, struct bytes text, uint64_t time)
{
    buffer_append_format(out, "cosignature/v1\ntime %" PRIu64 "\n", time);
    buffer_append_bytes(out, text);
}

static bool verify_one(struct bytes text, const struct note_signature *signature,
                       const struct note_verifier *verifier, uint64_t *time)
{
    AUTO_BUFFER message = {0};
    struct cursor cursor = cursor_open((struct bytes){signature->value, signature->length});
    uint64_t stamp = 0;
    if (verifier->algorithm == NOTE_COSIGNATURE) {
        stamp = cursor_u64be(&cursor);
        if (stamp > INT64_MAX)
            return false;
        append_cosigned(&message, text, stamp);
        text = buffer_bytes(&message);
    }
    struct bytes value = cursor_take(&cursor, crypto_sign_ed25519_BYTES);
    if (!cursor_at_end(&cursor) ||
        crypto_sign_ed25519_verify_detached(value.data, text.data, text.length, verifier->key) != 0)
        return false;
    if (time)
        *time = stamp;
    return true;
}

enum note_verdict note_verify(struct bytes text, struct bytes signatures,
                              const struct note_verifier *verifier, uint64_t *time)
{
    enum note_verdict verdict = NOTE_UNSIGNED;
    struct note_signature signature;
    while (note_next_signature(&signatures, &signature)) {
        if (signature.id != verifier->id || !bytes_equal_string(signature.name, verifier->name))
            continue;
        if (!verify_one(text, &signature, verifier, time))
            return NOTE_FORGED;
        verdict = NOTE_SIGNED;
    }
    return verdict;
}

void note_append_signature(struct buffer *out, struct bytes text, const struct note_signer *signer,
                           uint64_t time)
{
    AUTO_BUFFER message = {0};
    AUTO_BUFFER value = {0};
    uint8_t signature[crypto_sign_ed25519_BYTES];
    buffer_append_u32be(&value, signer->verifier.id);
    if (signer->verifier.algorithm == NOTE_COSIGNATURE) {
        buffer_append_u64be(&value, time);
        append_cosigned(&message, text, time);
        text = buffer_bytes(&message);
    }
    crypto_sign_ed25519_detached(signature, NULL, text.data, text.length, signer->secret);
    buffer_append(&value, signature, sizeof signature);
    buffer_append_format(out, EM_DASH "%s ", signer->verifier.name);
    base64_append(out, buffer_bytes(&value));
    buffer_append_byte(out, '\n');
}
