/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of encodings and conversion through ICU's own tables. */
#include "base/encoding.h"

#include <ctype.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/udata.h>

#include "base/encoding_internal.h"
#include "base/memory.h"
#include "base/utf8.h"

struct row {
    const char *name;      /* preferred label */
    const char *converter; /* ICU's name; NULL: own code */
    const char *aliases;   /* lower case, each between blanks */
};

static const struct row rows[ENCODING_COUNT] = {
    [ENCODING_UTF8] = {"UTF-8", NULL, " utf8 us-ascii ascii unicode-1-1-utf-8 ansi_x3.4-1968 646 "},
    [ENCODING_UTF16LE] = {"UTF-16LE", "UTF-16LE", " utf-16 ucs-2 unicode "},
    [ENCODING_UTF16BE] = {"UTF-16BE", "UTF-16BE", " "},
    [ENCODING_UTF32LE] = {"UTF-32LE", "UTF-32LE", " utf-32 "},
    [ENCODING_UTF32BE] = {"UTF-32BE", "UTF-32BE", " "},
    [ENCODING_CP932] = {"Shift_JIS", "ibm-943_P15A-2003",
                        " shift-jis sjis x-sjis ms_kanji windows-31j cp932 ms932 x-ms-cp932 "},
    [ENCODING_EUC_JP] = {"EUC-JP", NULL, " euc_jp eucjp x-euc-jp eucjp-ms cp51932 "},
    [ENCODING_ISO_2022_JP] =
        {"ISO-2022-JP", NULL,
         " iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ms cp50220 cp50221 cp50222 csiso2022jp jis "},
    [ENCODING_WINDOWS_1252] = {"windows-1252", "ibm-5348_P100-1997",
                               " iso-8859-1 iso8859-1 iso_8859-1 latin1 cp1252 "},
    [ENCODING_LATIN_2] = {"ISO-8859-2", "ibm-912_P100-1995", " latin2 iso8859-2 "},
    [ENCODING_LATIN_9] = {"ISO-8859-15", "ibm-923_P100-1998", " latin9 iso8859-15 "},
    [ENCODING_WINDOWS_1250] = {"windows-1250", "ibm-5346_P100-1998", " cp1250 "},
    [ENCODING_WINDOWS_1251] = {"windows-1251", "ibm-5347_P100-1998", " cp1251 "},
    [ENCODING_WINDOWS_1253] = {"windows-1253", "ibm-5349_P100-1998", " cp1253 "},
    [ENCODING_WINDOWS_1254] = {"windows-1254", "ibm-5350_P100-1998", " cp1254 iso-8859-9 latin5 "},
    [ENCODING_KOI8_R] = {"KOI8-R", "ibm-878_P100-1996", " koi8r "},
    [ENCODING_GB18030] = {"GB18030", "gb18030", " gb2312 gbk cp936 gb_2312-80 hz-gb-2312 "},
    [ENCODING_BIG5] = {"Big5", "windows-950-2000", " big5-hkscs cp950 x-x-big5 "},
    [ENCODING_EUC_KR] = {"EUC-KR", "windows-949-2000", " ks_c_5601-1987 cp949 euckr "},
    [ENCODING_UTF7] = {"UTF-7", "UTF-7", " unicode-1-1-utf-7 utf7 "},
};

const char *encoding_name(enum encoding encoding)
{
    return encoding < ENCODING_COUNT ? rows[encoding].name : "unknown";
}

enum encoding encoding_find(struct bytes label)
{
    char word[40] = " ";
    size_t length = 1;
    for (size_t i = 0; i < label.length; i++) {
        uint8_t byte = label.data[i];
        if (byte <= ' ' || byte > '~' || length >= sizeof word - 2)
            return ENCODING_UNKNOWN;
        word[length++] = (char)tolower(byte);
    }
    for (enum encoding i = 0; i < ENCODING_COUNT && length > 1; i++) {
        word[length] = '\0';
        if (!strcasecmp(word + 1, rows[i].name))
            return i;
        word[length] = ' ';
        if (strstr(rows[i].aliases, word))
            return i;
    }
    return ENCODING_UNKNOWN;
}

static const struct {
    enum encoding encoding;
    uint8_t length;
    uint8_t bytes[4];
} marks[] = {
    /* The longer mark first: UTF-32LE begins like UTF-16LE. */
    {ENCODING_UTF8, 3, {0xEF, 0xBB, 0xBF}},    {ENCODING_UTF32LE, 4, {0xFF, 0xFE, 0, 0}},
    {ENCODING_UTF32BE, 4, {0, 0, 0xFE, 0xFF}}, {ENCODING_UTF16LE, 2, {0xFF, 0xFE}},
    {ENCODING_UTF16BE, 2, {0xFE, 0xFF}},
};

size_t encoding_mark(struct bytes text, enum encoding *encoding)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        struct bytes mark = {marks[i].bytes, marks[i].length};
        if (bytes_equal(bytes_slice(text, 0, mark.length), mark)) {
            *encoding = marks[i].encoding;
            return mark.length;
        }
    }
    return 0;
}

void encoding_append_mark(enum encoding encoding, struct buffer *out)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].encoding == encoding)
            buffer_append(out, marks[i].bytes, marks[i].length);
    }
}

UConverter *encoding_open_converter(const char *name)
{
    UErrorCode status = U_ZERO_ERROR;
    /* ICU's tables are part of its library: never look for them in the file system. */
    udata_setFileAccess(UDATA_NO_FILES, &status);
    UConverter *converter = ucnv_open(name, &status);
    if (U_SUCCESS(status))
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_SUCCESS(status))
        ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_FAILURE(status))
        memory_exhausted(); /* the names are ours, so only memory can be missing */
    return converter;
}

/* Appends UTF-16 as UTF-8; a high surrogate at the end waits in *high for the next call. */
static void append_utf16(struct buffer *out, const UChar *units, size_t count, UChar *high)
{
    for (size_t i = 0; i < count; i++) {
        if (U16_IS_LEAD(units[i])) {
            *high = units[i];
            continue;
        }
        utf8_append(out, *high && U16_IS_TRAIL(units[i]) ? U16_GET_SUPPLEMENTARY(*high, units[i])
                                                         : units[i]);
        *high = 0;
    }
}

size_t encoding_decode_with(UConverter *converter, struct bytes text, struct buffer *out)
{
    if (!text.length)
        return 0;
    const char *source = (const char *)text.data;
    const char *end = source + text.length;
    UChar units[1024], high = 0;
    size_t lost = 0;
    UErrorCode status;
    ucnv_resetToUnicode(converter);
    do {
        UChar *target = units;
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &target, units + 1024, &source, end, NULL, true, &status);
        append_utf16(out, units, (size_t)(target - units), &high);
        if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR) {
            utf8_append(out, UTF8_REPLACEMENT);
            lost++;
        }
    } while (source < end || status == U_BUFFER_OVERFLOW_ERROR);
    return lost;
}

size_t encoding_encode_one(UConverter *converter, uint32_t point, uint8_t bytes[8])
{
    UChar units[2];
    size_t count = 0;
    U16_APPEND_UNSAFE(units, count, point);
    UErrorCode status = U_ZERO_ERROR;
    const UChar *source = units;
    char *target = (char *)bytes;
    ucnv_resetFromUnicode(converter);
    ucnv_fromUnicode(converter, &target, (char *)bytes + 8, &source, units + count, NULL, true,
                     &status);
    return U_SUCCESS(status) ? (size_t)(target - (char *)bytes) : 0;
}

/* Reads up to room UTF-16 units' worth of UTF-8 from *at on; returns the units. */
static size_t take_utf16(struct bytes text, size_t *at, UChar *units, size_t room)
{
    size_t count = 0;
    while (*at < text.length && count + 2 <= room) {
        uint32_t point = utf8_take(text, at);
        U16_APPEND_UNSAFE(units, count, point);
    }
    return count;
}

size_t encoding_encode_with(UConverter *converter, struct bytes text, struct buffer *out)
{
    UChar units[512];
    char bytes[1024];
    size_t lost = 0;
    for (size_t at = 0; at < text.length;) {
        const UChar *source = units;
        const UChar *end = units + take_utf16(text, &at, units, 512);
        UErrorCode status;
        ucnv_resetFromUnicode(converter);
        do {
            char *target = bytes;
            status = U_ZERO_ERROR;
            ucnv_fromUnicode(converter, &target, bytes + sizeof bytes, &source, end, NULL, true,
                             &status);
            buffer_append(out, bytes, (size_t)(target - bytes));
            if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR) {
                buffer_append_byte(out, '?'); /* only byte encodings lack characters */
                lost++;
            }
        } while (source < end || status == U_BUFFER_OVERFLOW_ERROR);
    }
    return lost;
}

static size_t utf8_to_utf8(struct bytes text, struct buffer *out)
{
    size_t lost = 0;
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        uint32_t point = utf8_take(text, &at);
        lost += point == UTF8_REPLACEMENT && at - start == 1;
        utf8_append(out, point);
    }
    return lost;
}

size_t encoding_to_utf8(enum encoding encoding, struct bytes text, struct buffer *out)
{
    if (encoding == ENCODING_EUC_JP)
        return encoding_euc_to_utf8(text, out);
    if (encoding == ENCODING_ISO_2022_JP)
        return encoding_iso2022_to_utf8(text, out);
    if (encoding >= ENCODING_COUNT || !rows[encoding].converter)
        return utf8_to_utf8(text, out);
    UConverter *converter = encoding_open_converter(rows[encoding].converter);
    size_t lost = encoding_decode_with(converter, text, out);
    ucnv_close(converter);
    return lost;
}

size_t encoding_from_utf8(enum encoding encoding, struct bytes text, struct buffer *out)
{
    if (encoding == ENCODING_EUC_JP)
        return encoding_euc_from_utf8(text, out);
    if (encoding == ENCODING_ISO_2022_JP)
        return encoding_iso2022_from_utf8(text, out);
    if (encoding >= ENCODING_COUNT || !rows[encoding].converter)
        return utf8_to_utf8(text, out);
    UConverter *converter = encoding_open_converter(rows[encoding].converter);
    size_t lost = encoding_encode_with(converter, text, out);
    ucnv_close(converter);
    return lost;
}

void encoding_warm(void)
{
    AUTO_BUFFER out = {0}, back = {0};
    const struct bytes letter = bytes_of_string("a");
    for (enum encoding i = 0; i < ENCODING_COUNT; i++) {
        encoding_from_utf8(i, letter, &out);
        encoding_to_utf8(i, letter, &back);
    }
    encoding_detect(bytes_of_string("\x93\xFA\x96\x7B\x8C\xEA\x82\xCC"));
}
