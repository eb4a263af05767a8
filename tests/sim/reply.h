/* reply.h - one answer, and how it is to be delivered.
 *
 * A role (dashboard.c) fills in what a healthy server would say, the faults (faults.c) spoil
 * it, and serve.c puts it on the wire. */
#ifndef PM_SIM_REPLY_H
#define PM_SIM_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_JSON "application/json; charset=utf-8"

/* What happens once `cut_at` bytes of the body are out. */
enum sim_ending { SIM_END_WHOLE, SIM_END_CLOSE, SIM_END_STALL, SIM_END_RESET, SIM_END_BAD_CHUNK };

/* What happens instead of an answer. */
enum sim_silence { SIM_ANSWERS, SIM_NEVER_ANSWERS, SIM_RESETS_AT_ONCE, SIM_RESETS_IN_HEAD };

#define SIM_HEADERS_MOST 32

struct sim_header {
    char *name, *value;
};

struct sim_reply {
    unsigned status;
    const char *content_type;
    char *body;
    size_t body_bytes;
    bool body_is_ours; /* to be freed with the reply; otherwise the data folder's */
    bool is_replaced;  /* a fault has put its own body here */

    const char *content_encoding; /* NULL for none */
    struct sim_header headers[SIM_HEADERS_MOST];
    size_t header_count;
    bool has_own_headers; /* a role that gives headers gives all of them */
    int64_t length_lie;   /* added to the Content-Length that is sent */

    uint64_t delay_ms; /* before the first byte */
    enum sim_silence silence;
    enum sim_ending ending;
    size_t cut_at;
    size_t drip_bytes; /* 0: no drip */
    uint64_t drip_ms;
};

/* `body` comes from malloc and now belongs to the reply. */
void sim_reply_own_body(struct sim_reply *reply, char *body, size_t bytes);
void sim_reply_copy_body(struct sim_reply *reply, const char *text);

/* A header that may come several times, and one that takes the place of all of its name; an empty
 * value leaves none of them. */
void sim_reply_add_header(struct sim_reply *reply, const char *name, const char *value);
void sim_reply_set_header(struct sim_reply *reply, const char *name, const char *value);

/* A flat JSON object as the body, in the order given. A member without text is a number. */
struct sim_member {
    const char *key, *text;
    int number;
};
void sim_reply_object(struct sim_reply *reply, unsigned status, const struct sim_member *members,
                      size_t count);

void sim_reply_finish(struct sim_reply *reply);

#endif
