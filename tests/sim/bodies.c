/* bodies.c - bodies made to hurt. */

#include "bodies.h"

#include "text.h"

#include <ctype.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

void sim_body_pad(struct sim_reply *reply, size_t bytes)
{
    size_t now = reply->body_bytes, total = bytes > now ? bytes : now;
    char *body = sim_alloc(total);
    if (now) {
        memcpy(body, reply->body, now);
    }
    memset(body + now, ' ', total - now);
    sim_reply_own_body(reply, body, total);
}

void sim_body_nest(struct sim_reply *reply, size_t depth)
{
    char *body = sim_alloc(depth * 2);
    memset(body, '[', depth);
    memset(body + depth, ']', depth);
    sim_reply_own_body(reply, body, depth * 2);
}

void sim_body_insert(struct sim_reply *reply, char byte)
{
    size_t bytes = reply->body_bytes;
    const char *value = bytes ? memmem(reply->body, bytes, ":\"", 2) : NULL;
    size_t at = value ? (size_t)(value - reply->body) + 2 : bytes / 2;
    char *body = sim_alloc(bytes + 1);
    if (bytes) {
        memcpy(body, reply->body, at);
        memcpy(body + at + 1, reply->body + at, bytes - at);
    }
    body[at] = byte;
    sim_reply_own_body(reply, body, bytes + 1);
}

/* `count` bytes at `at` make room for `text`. */
static void replace(struct sim_reply *reply, size_t at, size_t count, const char *text)
{
    size_t added = strlen(text), rest = reply->body_bytes - at - count;
    char *body = sim_alloc(at + added + rest + 1);
    memcpy(body, reply->body, at);
    memcpy(body + at, text, added);
    memcpy(body + at + added, reply->body + at + count, rest);
    sim_reply_own_body(reply, body, at + added + rest);
}

void sim_body_repeat_key(struct sim_reply *reply)
{
    const char *body = reply->body, *end = body + reply->body_bytes;
    const char *open = reply->body_bytes ? memchr(body, '{', reply->body_bytes) : NULL;
    const char *key = open ? memchr(open, '"', (size_t)(end - open)) : NULL;
    const char *colon = key ? memchr(key, ':', (size_t)(end - key)) : NULL;
    if (colon) {
        char *member = sim_format("%.*s:7,", (int)(colon - key), key);
        replace(reply, (size_t)(key - body), 0, member);
        free(member);
    }
}

/* Where the first number begins; the body's end when there is none. */
static size_t find_number(const struct sim_reply *reply)
{
    bool is_text = false;
    for (size_t i = 0; i < reply->body_bytes; i++) {
        char c = reply->body[i];
        if (is_text && c == '\\') {
            i++;
        } else if (c == '"') {
            is_text = !is_text;
        } else if (!is_text && (c == '-' || isdigit((unsigned char)c))) {
            return i;
        }
    }
    return reply->body_bytes;
}

void sim_body_enlarge_number(struct sim_reply *reply)
{
    size_t at = find_number(reply), bytes = 0;
    while (at + bytes < reply->body_bytes && (isalnum((unsigned char)reply->body[at + bytes]) ||
                                              memchr("+-.", reply->body[at + bytes], 3))) {
        bytes++;
    }
    if (bytes) {
        replace(reply, at, bytes, "1e999");
    }
}

void sim_body_widen(struct sim_reply *reply)
{
    size_t left = reply->body_bytes, room = 2 * left + 2, total = room;
    char *body = sim_alloc(room + 1), *from = reply->body, *to = body;
    iconv_t how = iconv_open("UTF-16LE", "UTF-8");
    memcpy(to, "\xFF\xFE", 2);
    to += 2;
    room -= 2;
    (void)iconv(how, &from, &left, &to, &room); /* stops where the text is none */
    (void)iconv_close(how);
    sim_reply_own_body(reply, body, total - room);
}

/* Deflate (RFC 1951) writes bits from the lowest up, but Huffman codes from their highest. */
struct bits {
    unsigned char *out;
    size_t count;
    unsigned held, held_bits;
};

static void put_bit(struct bits *bits, unsigned bit)
{
    bits->held |= (bit & 1) << bits->held_bits;
    if (++bits->held_bits == 8) {
        bits->out[bits->count++] = (unsigned char)bits->held;
        bits->held = bits->held_bits = 0;
    }
}

static void put_code(struct bits *bits, unsigned code, unsigned length)
{
    while (length > 0) {
        put_bit(bits, code >> --length);
    }
}

static void put_literal(struct bits *bits, char c)
{
    put_code(bits, 0x30u + (unsigned char)c, 8); /* fixed code of the bytes 0..143 */
}

static void put_u32(struct bits *bits, uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        bits->out[bits->count++] = (unsigned char)(value >> shift);
    }
}

/* The checksum of gzip (RFC 1952) over "{}" and then spaces, `total` bytes in all. */
static uint32_t checksum(size_t total)
{
    uint32_t table[256], crc = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) {
            table[i] = (table[i] >> 1) ^ (table[i] & 1 ? 0xEDB88320u : 0);
        }
    }
    for (size_t i = 0; i < total; i++) {
        unsigned char byte = i == 0 ? '{' : i == 1 ? '}' : ' ';
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF];
    }
    return ~crc;
}

void sim_body_bomb(struct sim_reply *reply, size_t bytes)
{
    enum { LITERALS = 3, LONGEST_MATCH = 258, MATCH_BITS = 13 };
    static const unsigned char head[10] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255};
    size_t matches = bytes / LONGEST_MATCH + 1, total = LITERALS + matches * LONGEST_MATCH;
    struct bits bits = {.out = sim_alloc(matches * MATCH_BITS / 8 + 64)};
    memcpy(bits.out, head, sizeof head);
    bits.count = sizeof head;
    put_bit(&bits, 1); /* the last block */
    put_bit(&bits, 1); /* with fixed codes: 01, lowest bit first */
    put_bit(&bits, 0);
    put_literal(&bits, '{');
    put_literal(&bits, '}');
    put_literal(&bits, ' ');
    for (size_t i = 0; i < matches; i++) {
        put_code(&bits, 0xC5, 8); /* length 258 */
        put_code(&bits, 0, 5);    /* distance 1 */
    }
    put_code(&bits, 0, 7); /* end of block */
    while (bits.held_bits) {
        put_bit(&bits, 0);
    }
    put_u32(&bits, checksum(total));
    put_u32(&bits, (uint32_t)total);
    sim_reply_own_body(reply, (char *)bits.out, bits.count);
    reply->content_encoding = "gzip";
}

/* The head of a block (RFC 8878): whether it is the last one, its kind, its size. */
static size_t put_block_head(char *to, bool is_last, unsigned kind, size_t size)
{
    size_t head = (size_t)is_last | kind << 1 | size << 3;
    for (size_t i = 0; i < 3; i++) {
        to[i] = (char)(head >> (8 * i) & 0xFF);
    }
    return 3;
}

void sim_body_zstd_bomb(struct sim_reply *reply, size_t bytes)
{
    enum { AS_IT_IS, ONE_BYTE, BLOCK_MOST = 128 << 10, BLOCK_BYTES = 4 };
    /* The magic number, no checksum and no size, a window of 2 MiB. */
    static const char head[6] = {0x28, (char)0xB5, 0x2F, (char)0xFD, 0, 0x58};
    size_t blocks = bytes / BLOCK_MOST + 1;
    char *body = sim_alloc(sizeof head + 5 + blocks * BLOCK_BYTES);
    memcpy(body, head, sizeof head);
    char *to = body + sizeof head;
    to += put_block_head(to, false, AS_IT_IS, 2);
    *to++ = '{';
    *to++ = '}';
    for (size_t i = 0; i < blocks; i++) {
        to += put_block_head(to, i + 1 == blocks, ONE_BYTE, BLOCK_MOST);
        *to++ = ' ';
    }
    sim_reply_own_body(reply, body, (size_t)(to - body));
    reply->content_encoding = "zstd";
}
