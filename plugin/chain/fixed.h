/* fixed.h - texts that take the same number of bytes whatever they say.
 *
 * They have no length and, when full, no NUL at their end. The programs around Psyche read them in
 * two ways, which differ when a NUL stands before or within the text. */
#ifndef PM_CHAIN_FIXED_H
#define PM_CHAIN_FIXED_H

#include "chain/reader.h"

struct pm_fixed {
    pm_str text; /* all of it without NULs at both ends; inner ones stay: the dashboard's reading */
    pm_str shown; /* up to the first NUL: what Psyche's own tools print */
};

/* Any bytes will do. Both point into what is read. */
struct pm_fixed pm_read_fixed(struct pm_reader *reader, size_t bytes);

/* As Rust shows bytes that should be UTF-8: each longest beginning of a character that is not
 * completed, and each byte that begins none, is one U+FFFD. */
void pm_lossy_add(struct pm_buf *buf, pm_str bytes);

#endif
