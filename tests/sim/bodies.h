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

/* A correct gzip stream of "{}" and spaces that expands to at least `bytes`. */
void sim_body_bomb(struct sim_reply *reply, size_t bytes);

#endif
