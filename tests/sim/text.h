/* text.h - small text helpers of the simulator.
 *
 * The simulator is a test's tool: when memory ends it says so and exits, so nothing here
 * returns NULL. Texts are C strings from malloc. */
#ifndef PM_SIM_TEXT_H
#define PM_SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *sim_alloc(size_t bytes);
void *sim_grow(void *memory, size_t bytes);
char *sim_copy(const char *text);
char *sim_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool sim_starts(const char *text, const char *prefix);

/* Decimal digits with an optional '-', nothing else, at most 15 of them. */
bool sim_read_number(const char *text, int64_t *out);

/* One spelling for each path: escapes are undone and everything but letters, digits, "-._~"
 * and the separators is escaped again, so that a%2fb and a%2Fb are the same and a/b is not.
 * A query is kept as it is. False when an escape is broken or the path is not UTF-8. */
bool sim_path_canonical(const char *raw, char **out);

/* Undoes the escapes of a canonical text; a NUL among them ends the result. */
char *sim_path_decoded(const char *canonical);

#endif
