/* faults.h - what can go wrong, by name.
 *
 * A fault is written [PATHPREFIX=>]PART[+PART…], a part NAME or NAME=VALUE. The names stand in
 * one table in faults.c, in the order in which they are applied whatever order they are
 * written in: first the body, then the head, then the way it is delivered. */
#ifndef PM_SIM_FAULTS_H
#define PM_SIM_FAULTS_H

#include "reply.h"

#include <stdatomic.h>
#include <stdio.h>

#define SIM_FAULT_PARTS 8

struct sim_part {
    size_t row; /* in the table */
    int64_t number, second;
    const char *text;
};

struct sim_fault {
    char *copy, *prefix; /* prefix: NULL for every path */
    char *text;          /* as it was written, for the log */
    struct sim_part parts[SIM_FAULT_PARTS];
    size_t count;
    atomic_llong left; /* matching requests it still spoils; < 0: no end */
};

/* Says on stderr what is wrong with the text. */
bool sim_fault_parse(struct sim_fault *fault, const char *text);
void sim_fault_finish(struct sim_fault *fault);

/* Spoils the reply to a request for `route`; the texts of the faults that did, for the log, from
 * malloc. */
char *sim_faults_apply(struct sim_fault *faults, size_t count, const char *route,
                       struct sim_reply *reply);

/* One line a name, for --help. */
void sim_fault_list(FILE *out);

#endif
