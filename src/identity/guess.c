/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How easily a password is guessed, in points.
 *
 * Whoever guesses tries what is known of the person, then words that everybody uses, then
 * sequences, repetitions and dates. What such a piece covers is worth nothing, the piece itself one
 * point (what is personal: none); every character that nothing covers is worth one point, two
 * outside of ASCII. "Password123!" has three points: a word, a sequence, a sign.
 */
#include <ctype.h>

#include "base/utf8.h"
#include "identity/internal.h"
#include "identity/tables.h"

#define GUESS_MOST  256 /* bytes of a password */
#define PIECE_LEAST 3   /* characters that make a sequence, a word or something personal */

enum kind {
    FREE,
    PERSONAL,
    COMMON,
    PATTERN,
    KINDS,
};

struct cover {
    size_t length;
    char plain[GUESS_MOST + 1];  /* lower case */
    char folded[GUESS_MOST + 1]; /* … with digits and signs read as the letters they stand for */
    uint8_t kind[GUESS_MOST];
    unsigned pieces[KINDS];
};

/* The letter that a sign stands for in "p@ssw0rd". */
static char unfold(char sign)
{
    static const char signs[] = "@4031!$57", letters[] = "aaoeiisst";
    const char *at = sign ? strchr(signs, sign) : NULL;
    return at ? letters[at - signs] : sign;
}

static bool all_free(const struct cover *cover, size_t from, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (cover->kind[from + i] != FREE)
            return false;
    return true;
}

static void mark(struct cover *cover, size_t from, size_t length, enum kind kind)
{
    memset(cover->kind + from, kind, length);
    cover->pieces[kind]++;
}

/* Marks every free place where a word stands. */
static void mark_word(struct cover *cover, const char *word, enum kind kind)
{
    size_t length = strlen(word);
    for (size_t i = 0; length && i + length <= cover->length; i++)
        if ((!memcmp(cover->plain + i, word, length) || !memcmp(cover->folded + i, word, length)) &&
            all_free(cover, i, length))
            mark(cover, i, length, kind);
}

/* Marks the parts of something personal: what stands between spaces and signs. */
static void mark_personal(struct cover *cover, const char *text)
{
    char word[GUESS_MOST + 1];
    size_t length = 0;
    for (; *text && length < GUESS_MOST; text++) {
        bool part = isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80;
        if (part)
            word[length++] = (char)tolower((unsigned char)*text);
        if (!part || text[1] == '\0') {
            word[length] = '\0';
            if (length >= PIECE_LEAST)
                mark_word(cover, word, PERSONAL);
            length = 0;
        }
    }
}

/* True when b follows a on the keyboard, in the alphabet or in counting, by this step. */
static bool follows(char a, char b, int step)
{
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"};
    if (b - a == step)
        return true;
    for (size_t i = 0; step != 0 && i < sizeof rows / sizeof *rows; i++) {
        const char *at = a ? strchr(rows[i], a) : NULL;
        if (at && (step > 0 || at > rows[i]) && at[step] == b && b)
            return true;
    }
    return false;
}

static void mark_sequences(struct cover *cover)
{
    for (size_t i = 0; i + PIECE_LEAST <= cover->length; i++) {
        for (int step = -1; step <= 1; step++) {
            size_t end = i + 1;
            while (end < cover->length && follows(cover->plain[end - 1], cover->plain[end], step))
                end++;
            if (end - i >= PIECE_LEAST && all_free(cover, i, end - i))
                mark(cover, i, end - i, PATTERN);
        }
    }
}

/* Marks eight digits that begin like a year, four that are one. */
static void mark_dates(struct cover *cover)
{
    for (size_t length = 8; length >= 4; length -= 4) {
        for (size_t i = 0; i + length <= cover->length; i++) {
            const char *at = cover->plain + i;
            bool year = (at[0] == '1' && at[1] == '9') || (at[0] == '2' && at[1] == '0');
            if (year && strspn(at, "0123456789") >= length && all_free(cover, i, length))
                mark(cover, i, length, PATTERN);
        }
    }
}

/* Marks what repeats the beginning of the password again and again. */
static void mark_repetition(struct cover *cover)
{
    for (size_t unit = 1; unit <= cover->length / 2; unit++) {
        if (memcmp(cover->plain, cover->plain + unit, cover->length - unit) != 0)
            continue;
        for (size_t i = unit; i < cover->length; i++)
            cover->kind[i] = PATTERN;
        cover->pieces[PATTERN]++;
        return;
    }
}

static int64_t points(const struct cover *cover)
{
    int64_t sum = cover->pieces[COMMON] + cover->pieces[PATTERN];
    for (size_t i = 0; i < cover->length; i++) {
        unsigned char byte = (unsigned char)cover->plain[i];
        if (cover->kind[i] == FREE && (byte & 0xC0) != 0x80)
            sum += byte >= 0x80 ? 2 : 1;
    }
    return sum;
}

static void cover_password(struct cover *cover, const struct identity_guess *guess,
                           const char *password)
{
    cover->length = strlen(password);
    for (size_t i = 0; i < cover->length; i++) {
        cover->plain[i] = (char)tolower((unsigned char)password[i]);
        cover->folded[i] = unfold(cover->plain[i]);
    }
    for (size_t i = 0; i < sizeof guess->personal / sizeof *guess->personal; i++)
        if (guess->personal[i])
            mark_personal(cover, guess->personal[i]);
    for (size_t i = 0; i < guessable_count; i++)
        mark_word(cover, guessable_table[i], COMMON);
    mark_sequences(cover);
    mark_dates(cover);
    mark_repetition(cover);
}

/* Text without control characters, and how many characters. */
static bool readable(const char *password, int64_t *characters)
{
    if (!utf8_valid(bytes_of_string(password)))
        return false;
    for (*characters = 0; *password; password++) {
        unsigned char byte = (unsigned char)*password;
        if (byte < 0x20 || byte == 0x7F)
            return false;
        *characters += (byte & 0xC0) != 0x80;
    }
    return true;
}

const char *identity_guess_reason(const struct identity_guess *guess, const char *password)
{
    int64_t characters;
    if (!readable(password, &characters))
        return "password_unreadable";
    if (strlen(password) > GUESS_MOST)
        return "password_long";
    if (characters < guess->length)
        return "password_short";
    struct cover cover = {0};
    cover_password(&cover, guess, password);
    if (points(&cover) >= guess->strength)
        return NULL;
    if (cover.pieces[PERSONAL])
        return "password_personal";
    if (cover.pieces[COMMON])
        return "password_common";
    return cover.pieces[PATTERN] ? "password_pattern" : "password_short";
}
