/* hub_query.h - the query of a request's target. All results are from malloc. */
#ifndef PM_SIM_HUB_QUERY_H
#define PM_SIM_HUB_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of the `nth` parameter of that name, its escapes undone; NULL when there is none. */
char *sim_query_get(const char *query, const char *name, size_t nth);

bool sim_query_is_true(const char *query, const char *name);
int64_t sim_query_number(const char *query, const char *name, int64_t unless_given, int64_t most);

/* The query with that parameter replaced, or added at its end. `value` is written as it is. */
char *sim_query_with(const char *query, const char *name, const char *value);

/* Text without its escapes, of which "+" is one in a query. Broken ones stay. */
char *sim_query_unescape(const char *text, size_t bytes, bool is_query);

/* Where the next page begins, as an opaque text in a query, and back; 0 for what is none. */
char *sim_cursor_make(size_t at, const char *last);
size_t sim_cursor_read(const char *query);

#endif
