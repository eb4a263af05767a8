/* decode_lines.c - our decoders on lines, for a program that has others to compare them with.
 *
 *   unbase58 HEX      bytes of the text HEX as hex, or "no"
 *   base58 HEX        the bytes HEX as base58
 *   unbase64 HEX      bytes of the text HEX as hex, or "no"
 *   number HEX        the double that the JSON number HEX is, as the hex of its bits, or "no"
 *   round BITS N      that double with N significant digits, the same way
 *   clean HEX         an id that is shown, as hex; "=" or "!": whether it leads back
 *   curve HEX         whether that key is a point of the curve: 1 or 0
 *   pda HEX SEEDS     the address that the program HEX derives from the seeds, and its bump; or "no"
 *   read HEX WORDS    values read one after the other: u8 u16 u32 u64 i64 f32 f64 key bool skipN
 *                     bytesN text listN; "bad" where the reader gave up
 *
 * One line in, one line out. Nothing is written as "-". */

#include "answer/text.h"
#include "chain/base58.h"
#include "chain/pda.h"
#include "chain/reader.h"
#include "codec/base64.h"
#include "codec/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MOST (1 << 16)
#define ARENA_BYTES ((size_t)1 << 20)
#define SEEDS_MOST (PM_PDA_SEEDS_MOST + 2)

static void print_hex(pm_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        (void)printf("%02x", (unsigned)(unsigned char)bytes.ptr[i]);
    }
    if (bytes.len == 0) {
        (void)printf("-");
    }
}

/* In a block of exactly its size, which a sanitizer watches; the caller frees it. */
static char *read_hex(const char *hex, size_t *len)
{
    *len = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
    char *bytes = malloc(*len ? *len : 1);
    for (size_t i = 0; bytes && i < *len; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)(unsigned char)strtoul(digits, NULL, 16);
    }
    if (!bytes) {
        abort();
    }
    return bytes;
}

static void print_double(bool is_one, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    (void)(is_one ? printf("%016" PRIx64, bits) : printf("no"));
}

/* --- what a line can ask --- */

typedef void run_fn(struct pm_arena *arena, pm_str bytes, char *words);

static void run_unbase58(struct pm_arena *arena, pm_str bytes, char *words)
{
    uint8_t out[PM_BASE58_BYTES_MOST];
    size_t len = 0;
    (void)arena;
    (void)words;
    if (pm_base58_decode(bytes, out, sizeof out, &len)) {
        print_hex((pm_str){(const char *)out, len});
    } else {
        (void)printf("no");
    }
}

static void run_base58(struct pm_arena *arena, pm_str bytes, char *words)
{
    struct pm_buf buf;
    (void)words;
    pm_buf_init(&buf, arena, ARENA_BYTES);
    pm_base58_add(&buf, (const uint8_t *)bytes.ptr, bytes.len);
    (void)printf("%.*s", PM_STR_ARG(pm_buf_text(&buf)));
}

static void run_unbase64(struct pm_arena *arena, pm_str bytes, char *words)
{
    pm_str out;
    (void)words;
    if (pm_base64_decode(arena, bytes, ARENA_BYTES / 2, &out)) {
        print_hex(out);
    } else {
        (void)printf("no");
    }
}

static void run_number(struct pm_arena *arena, pm_str bytes, char *words)
{
    double value = 0;
    (void)arena;
    (void)words;
    bool is_one = pm_number_read(bytes, &value);
    print_double(is_one, value);
}

/* The bits as hex stand where other lines have bytes: highest first. */
static void run_round(struct pm_arena *arena, pm_str bytes, char *words)
{
    uint64_t bits = 0;
    double value;
    (void)arena;
    for (size_t i = 0; i < bytes.len; i++) {
        bits = bits << 8 | (unsigned char)bytes.ptr[i];
    }
    memcpy(&value, &bits, sizeof value);
    print_double(true, pm_number_round(value, (unsigned)strtoul(words, NULL, 10)));
}

static struct pm_key key_of(pm_str bytes)
{
    struct pm_reader reader = pm_reader_at(bytes, 0);
    return pm_read_key(&reader);
}

static void run_curve(struct pm_arena *arena, pm_str bytes, char *words)
{
    struct pm_key key = key_of(bytes);
    (void)arena;
    (void)words;
    (void)printf("%d", pm_key_is_on_curve(&key));
}

static void run_pda(struct pm_arena *arena, pm_str bytes, char *words)
{
    struct pm_key program = key_of(bytes), address;
    char *made[SEEDS_MOST], *rest = NULL;
    pm_str seeds[SEEDS_MOST];
    size_t count = 0;
    uint8_t bump = 0;
    (void)arena;
    for (char *word = strtok_r(words, " ", &rest); word && count < SEEDS_MOST;
         word = strtok_r(NULL, " ", &rest)) {
        made[count] = read_hex(word, &seeds[count].len);
        seeds[count].ptr = made[count];
        count++;
    }
    if (pm_pda_find(seeds, count, &program, &address, &bump)) {
        print_hex((pm_str){(const char *)address.bytes, PM_KEY_BYTES});
        (void)printf(" %u", (unsigned)bump);
    } else {
        (void)printf("no");
    }
    while (count > 0) {
        free(made[--count]);
    }
}

static void run_clean(struct pm_arena *arena, pm_str bytes, char *words)
{
    pm_str shown = pm_clean_text(pm_clean(arena, PM_TEXT_ID, bytes));
    (void)words;
    print_hex(shown);
    (void)printf(pm_str_equal(pm_unclean(arena, shown), bytes) ? " =" : " !");
}

static void read_one(struct pm_reader *reader, const char *word)
{
    size_t count = strtoul(word + strcspn(word, "0123456789"), NULL, 10);
    if (strcmp(word, "u8") == 0) {
        (void)printf("%u", (unsigned)pm_read_u8(reader));
    } else if (strcmp(word, "u16") == 0) {
        (void)printf("%u", (unsigned)pm_read_u16(reader));
    } else if (strcmp(word, "u32") == 0) {
        (void)printf("%" PRIu32, pm_read_u32(reader));
    } else if (strcmp(word, "u64") == 0) {
        (void)printf("%" PRIu64, pm_read_u64(reader));
    } else if (strcmp(word, "i64") == 0) {
        (void)printf("%" PRIi64, pm_read_i64(reader));
    } else if (strcmp(word, "f32") == 0) {
        float value = pm_read_f32(reader);
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        (void)printf("%08" PRIx32, bits);
    } else if (strcmp(word, "f64") == 0) {
        print_double(true, pm_read_f64(reader));
    } else if (strcmp(word, "bool") == 0) {
        (void)printf("%d", pm_read_bool(reader, "a flag"));
    } else if (strcmp(word, "key") == 0) {
        struct pm_key key = pm_read_key(reader);
        print_hex((pm_str){(const char *)key.bytes, PM_KEY_BYTES});
    } else if (strcmp(word, "text") == 0) {
        print_hex(pm_read_text(reader, "a text"));
    } else if (strncmp(word, "list", 4) == 0) {
        print_hex(pm_read_list(reader, count, "a list"));
    } else if (strncmp(word, "bytes", 5) == 0) {
        print_hex(pm_read_bytes(reader, count));
    } else if (strncmp(word, "skip", 4) == 0) {
        pm_read_skip(reader, count);
        (void)printf("-");
    }
}

static void run_read(struct pm_arena *arena, pm_str bytes, char *words)
{
    struct pm_reader reader = pm_reader_at(bytes, 0);
    char *rest = NULL;
    (void)arena;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        read_one(&reader, word);
        (void)printf(reader.bad ? " bad " : " ");
    }
}

static const struct {
    const char *name;
    run_fn *run;
} kinds[] = {
    {"unbase58", run_unbase58}, {"base58", run_base58}, {"unbase64", run_unbase64},
    {"number", run_number},     {"round", run_round},   {"clean", run_clean},
    {"curve", run_curve},       {"pda", run_pda},       {"read", run_read},
};

static void run_line(char *line)
{
    struct pm_arena arena;
    char *rest = NULL;
    const char *name = strtok_r(line, " ", &rest), *hex = strtok_r(NULL, " ", &rest);
    size_t len = 0;
    for (size_t i = 0; name && hex && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            char *bytes = read_hex(hex, &len);
            pm_arena_init(&arena, ARENA_BYTES);
            kinds[i].run(&arena, (pm_str){bytes, len}, rest);
            pm_arena_finish(&arena);
            free(bytes);
        }
    }
    (void)printf("\n");
}

int main(void)
{
    static char line[LINE_MOST];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        run_line(line);
    }
    return 0;
}
