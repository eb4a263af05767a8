/* bodies.h - bodies made to hurt. */
#ifndef PM_SIM_BODIES_H
#define PM_SIM_BODIES_H

#include "reply.h"

/* The same document, followed by spaces up to `bytes`. */
void sim_body_pad(struct sim_reply *reply, size_t bytes);

/* `depth` arrays, each in the one before. */
void sim_body_nest(struct sim_reply *reply, size_t depth);

/* Puts one byte into the first string value, or into the middle when there is none. */
void sim_body_insert(struct sim_reply *reply, char byte);

/* Writes the first object's first key once more, before itself, with the value 7. */
void sim_body_repeat_key(struct sim_reply *reply);

/* Puts 1e999 in the place of the first number. */
void sim_body_enlarge_number(struct sim_reply *reply);

/* The same text in UTF-16, lowest byte first. */
void sim_body_widen(struct sim_reply *reply);

/* A correct gzip stream of "{}" and spaces that expands to at least `bytes`. */
void sim_body_bomb(struct sim_reply *reply, size_t bytes);

/* The same as a frame of zstd. */
void sim_body_zstd_bomb(struct sim_reply *reply, size_t bytes);

#endif
