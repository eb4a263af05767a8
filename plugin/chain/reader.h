/* reader.h - values out of an account's bytes, one after the other.
 *
 * Everything on chain is little-endian and stands wherever the writer's compiler put it, so nothing
 * is laid over the bytes: each value is put together from its own. The first value that is not there
 * or cannot be makes the reader bad, and whatever is read from then on is zero: read everything,
 * look once at the end. */
#ifndef PM_CHAIN_READER_H
#define PM_CHAIN_READER_H

#include "chain/key.h"

struct pm_reader {
    pm_str left;
    bool bad;
    const char *what; /* of which value, when it cannot be; NULL: the bytes end too early */
    uint64_t value;   /* what was read for it, */
    uint64_t most;    /* and the largest that can be */
};

/* Begins at `offset`; bad when the bytes end before it. */
struct pm_reader pm_reader_at(pm_str bytes, uint64_t offset);

/* `count` bytes as they are; empty when they are not there. */
pm_str pm_read_bytes(struct pm_reader *reader, uint64_t count);
void pm_read_into(struct pm_reader *reader, uint8_t *out, size_t count);
void pm_read_skip(struct pm_reader *reader, uint64_t count);

uint8_t pm_read_u8(struct pm_reader *reader);
uint16_t pm_read_u16(struct pm_reader *reader);
uint32_t pm_read_u32(struct pm_reader *reader);
uint64_t pm_read_u64(struct pm_reader *reader);
int64_t pm_read_i64(struct pm_reader *reader);
float pm_read_f32(struct pm_reader *reader);
double pm_read_f64(struct pm_reader *reader);
struct pm_key pm_read_key(struct pm_reader *reader);

/* Numbers of which only 0..most mean something; `what` names them for the reader of a problem. */
uint32_t pm_read_u8_to(struct pm_reader *reader, uint32_t most, const char *what);
uint32_t pm_read_u32_to(struct pm_reader *reader, uint32_t most, const char *what);
uint64_t pm_read_u64_to(struct pm_reader *reader, uint64_t most, const char *what);
/* One byte, 0 or 1. */
bool pm_read_bool(struct pm_reader *reader, const char *what);

/* Borsh: a u32 count and so many items of `item_bytes` each, as bytes. */
pm_str pm_read_list(struct pm_reader *reader, size_t item_bytes, const char *what);
/* Borsh: the same of bytes that must be UTF-8. */
pm_str pm_read_text(struct pm_reader *reader, const char *what);

#endif
