/* bodies.c - bodies made to hurt. */

#include "bodies.h"

#include "text.h"

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
