/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing a PDF with a password. */
#include "disarm/format/pdf_seal.h"

#include <openssl/evp.h>

#include "base/memory.h"
#include "base/random.h"

enum {
    PASSWORD_BYTES = 127,
    SALT = 8,
    HASH = 32,
    ENTRY = HASH + 2 * SALT, /* of U and O */
    ROUNDS = 64,
};

/* Encrypts whole blocks without padding, or with it. */
static void encrypt(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *start,
                    struct bytes data, bool padded, struct buffer *out)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int made = 0, rest = 0;
    buffer_reserve(out, data.length + 32);
    if (!context || !EVP_EncryptInit_ex(context, cipher, NULL, key, start) ||
        !EVP_CIPHER_CTX_set_padding(context, padded) ||
        !EVP_EncryptUpdate(context, out->data + out->length, &made, data.data, (int)data.length) ||
        !EVP_EncryptFinal_ex(context, out->data + out->length + made, &rest))
        memory_exhausted();
    out->length += (size_t)(made + rest);
    EVP_CIPHER_CTX_free(context);
}

/* Algorithm 2.B: the hash of a password with salt, and for the owner with U. */
static void hash_password(struct bytes password, const uint8_t *salt, struct bytes user,
                          uint8_t result[HASH])
{
    uint8_t key[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    AUTO_BUFFER text = {0}, coded = {0};
    buffer_append_bytes(&text, password);
    buffer_append(&text, salt, SALT);
    buffer_append_bytes(&text, user);
    EVP_Digest(text.data, text.length, key, &length, EVP_sha256(), NULL);
    for (unsigned round = 0;; round++) {
        buffer_clear(&text);
        buffer_clear(&coded);
        for (int i = 0; i < ROUNDS; i++) {
            buffer_append_bytes(&text, password);
            buffer_append(&text, key, length);
            buffer_append_bytes(&text, user);
        }
        encrypt(EVP_aes_128_cbc(), key, key + 16, buffer_bytes(&text), false, &coded);
        unsigned sum = 0;
        for (int i = 0; i < 16; i++)
            sum += coded.data[i];
        const EVP_MD *digest = sum % 3 == 0   ? EVP_sha256()
                               : sum % 3 == 1 ? EVP_sha384()
                                              : EVP_sha512();
        EVP_Digest(coded.data, coded.length, key, &length, digest, NULL);
        if (round + 1 >= ROUNDS && coded.data[coded.length - 1] <= round + 1 - 32)
            break;
    }
    memcpy(result, key, HASH);
}

/* One entry: hash and salts (U or O), and the key locked with it (UE or OE). */
static void lock_key(const struct pdf_seal *seal, struct bytes password, struct bytes user,
                     uint8_t entry[ENTRY], struct buffer *locked)
{
    static const uint8_t zero[16];
    uint8_t own[HASH];
    random_fill(entry + HASH, 2 * SALT);
    hash_password(password, entry + HASH, user, entry);
    hash_password(password, entry + HASH + SALT, user, own);
    encrypt(EVP_aes_256_cbc(), own, zero, (struct bytes){seal->key, sizeof seal->key}, false,
            locked);
}

static void append_hexadecimal(struct buffer *out, const char *key, struct bytes data)
{
    buffer_append_format(out, "/%s<", key);
    for (size_t i = 0; i < data.length; i++)
        buffer_append_format(out, "%02X", data.data[i]);
    buffer_append_byte(out, '>');
}

int pdf_seal_open(struct pdf_seal *seal, const char *password, struct error *error)
{
    *seal = (struct pdf_seal){0};
    struct bytes text = bytes_slice(bytes_of_string(password), 0, PASSWORD_BYTES);
    if (!text.length)
        return error_set(error, "password_needed", NULL, "%s", "");
    AUTO_BUFFER user_locked = {0}, owner_locked = {0}, rights = {0};
    uint8_t user[ENTRY], owner[ENTRY],
        plain[16] = {0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 'T', 'a', 'd', 'b'};
    random_fill(seal->key, sizeof seal->key);
    random_fill(plain + 12, 4);
    lock_key(seal, text, (struct bytes){0}, user, &user_locked);
    lock_key(seal, text, (struct bytes){user, sizeof user}, owner, &owner_locked);
    encrypt(EVP_aes_256_ecb(), seal->key, NULL, (struct bytes){plain, sizeof plain}, false,
            &rights);
    buffer_append_string(&seal->dictionary,
                         "<</Filter/Standard/V 5/R 6/Length 256/P -4/CF<</StdCF<</AuthEvent"
                         "/DocOpen/CFM/AESV3/Length 32>>>>/StmF/StdCF/StrF/StdCF");
    append_hexadecimal(&seal->dictionary, "U", (struct bytes){user, sizeof user});
    append_hexadecimal(&seal->dictionary, "UE", buffer_bytes(&user_locked));
    append_hexadecimal(&seal->dictionary, "O", (struct bytes){owner, sizeof owner});
    append_hexadecimal(&seal->dictionary, "OE", buffer_bytes(&owner_locked));
    append_hexadecimal(&seal->dictionary, "Perms", buffer_bytes(&rights));
    buffer_append_string(&seal->dictionary, ">>");
    return 0;
}

void pdf_seal_close(struct pdf_seal *seal)
{
    explicit_bzero(seal->key, sizeof seal->key);
    buffer_free(&seal->dictionary);
}

void pdf_seal_encrypt(const struct pdf_seal *seal, struct bytes data, struct buffer *out)
{
    uint8_t start[16];
    random_fill(start, sizeof start);
    buffer_append(out, start, sizeof start);
    encrypt(EVP_aes_256_cbc(), seal->key, start, data, true, out);
}
