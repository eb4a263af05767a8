/* scan.h - walking over JSON text without building anything.
 *
 * For text that is too big for a tree and mostly dropped. Every function leaves `at` behind what
 * it read, never past `end`. The first fault stays and ends the text, so all functions after it
 * fail. */
#ifndef PM_CODEC_SCAN_H
#define PM_CODEC_SCAN_H

#include "codec/json.h"

struct pm_scan {
    const char *at, *end;
    unsigned depth;
    enum pm_json_fault fault;
    const char *problem; /* static; with a fault `at` is where */
};

struct pm_scan pm_scan_from(pm_str text); /* a leading byte order mark is passed over */

/* Records the first fault; always false. */
bool pm_scan_fail(struct pm_scan *scan, enum pm_json_fault fault, const char *problem);

/* Passes over white space and looks at the byte there; NUL at the end. */
char pm_scan_peek(struct pm_scan *scan);

/* Elements of an array (`closing` is ']') or members of an object ('}'), the opening bracket next:
 *
 *     for (bool has = pm_scan_first(scan, ']'); has; has = pm_scan_next(scan, ']')) { one value }
 */
bool pm_scan_first(struct pm_scan *scan, char closing);
bool pm_scan_next(struct pm_scan *scan, char closing);
/* A member's name, as it stands between its quotes, and the colon. */
bool pm_scan_key(struct pm_scan *scan, pm_str *raw);

/* A string as it stands between its quotes; its escapes are not looked at. */
bool pm_scan_string(struct pm_scan *scan, pm_str *raw);
/* A number; infinite when no double holds it. */
bool pm_scan_number(struct pm_scan *scan, double *out);
/* Any value. Arrays of plain integers go by eight bytes at a time. */
bool pm_scan_skip(struct pm_scan *scan);

/* What a string between quotes says, written over it; its length. Bytes that are no UTF-8 stay as
 * they are. False when an escape is wrong. */
PM_CHECKED bool pm_scan_unescape(char *raw, size_t *len);
/* Each "\ud800" without its other half is written as the bytes that it is unescaped to, which are no
 * UTF-8; the text's new length. */
size_t pm_scan_mend_halves(char *text, size_t len);

#endif
