/* wallet.h - what the files of the tool psyche_wallet share.
 *
 * wallet.c decides what is asked for; wallet_all.c asks about every run, wallet_all_rows.c writes that
 * and wallet_words.c says it; wallet_run.c answers about one run, with wallet_run_facts.c;
 * wallet_pool.c is about the pool, wallet_facts.c what both have. */
#ifndef PM_ACTION_WALLET_H
#define PM_ACTION_WALLET_H

#include "action/can_join.h"
#include "action/frame.h"
#include "action/kin.h"
#include "action/listed.h"
#include "action/look.h"
#include "action/pool.h"
#include "source/wallet_look.h"
#include "source/wallet_pool.h"

/* A wallet while it is looked at, in all runs. */
struct pm_wallet {
    struct pm_call *call;
    pm_str address; /* base58 of 32 bytes */
    struct pm_wallet_who who;
    struct pm_nodes nodes, pool_nodes;
    struct pm_wallet_look look;
    struct pm_kin kin; /* of one run */

    /* All runs. */
    struct pm_chain_list list;
    bool are_heads_asked;
    size_t finished; /* left out, since only a full answer has them */
    struct pm_ask *runs, *contributor;
    bool is_list_read;
    struct pm_listing listing;
    struct pm_wallet_pool pool;
    pm_str after; /* a page of memberships: those behind this id */
};

bool pm_wallet_answer_all(struct pm_wallet *wallet, struct pm_answer *answer);
bool pm_wallet_answer_run(struct pm_wallet *wallet, struct pm_answer *answer);

/* --- all runs --- */

/* Those that the wallet has to do with, and those that it may join. */
void pm_wallet_write_tables(const struct pm_wallet *wallet, struct pm_answer *answer);
/* A valid leave lets it in, or one that is its own or a named key's is there, or may be. */
bool pm_wallet_is_joining(const struct pm_wallet *wallet, const struct pm_wallet_run *run);
bool pm_wallet_has_part(const struct pm_wallet_run *run);
/* It can join, and has not yet. */
bool pm_wallet_may_join(const struct pm_wallet *wallet, const struct pm_wallet_run *run);
/* It has trained there, or is going to: more than an account of its claims. */
bool pm_wallet_has_joined(const struct pm_wallet_run *run);

/* What all memberships come to. */
struct pm_wallet_sums {
    size_t runs, active, pending, exited, past;
    struct pm_big earned, slashed, unclaimed, claimed;
    size_t may_join; /* now or from the next epoch on */
    size_t short_of; /* runs whose treasurer holds less than the wallet is owed */
    size_t unsure;   /* runs of which it is not known what was claimed: they are not in the sums */
};
struct pm_wallet_sums pm_wallet_sum(const struct pm_wallet *wallet);

void pm_wallet_write_summary(const struct pm_wallet *wallet, struct pm_answer *answer);
void pm_wallet_write_notes(const struct pm_wallet *wallet, struct pm_answer *answer);

/* --- one run (wallet_run_facts.c) --- */

void pm_wallet_write_on_chain(const struct pm_wallet *wallet, struct pm_answer *answer,
                              const struct pm_wallet_run *run, const struct pm_join *join);
void pm_wallet_write_reasons(const struct pm_wallet *wallet, struct pm_answer *answer,
                             const struct pm_wallet_run *run, const struct pm_join *join);
void pm_wallet_write_leaves(const struct pm_wallet *wallet, struct pm_answer *answer,
                            const struct pm_wallet_run *run);
/* The keys that may use each leave in its grantee's place; no table when there are none. */
void pm_wallet_write_delegates(const struct pm_wallet *wallet, struct pm_answer *answer,
                               const struct pm_wallet_run *run);

/* --- what both answers share (wallet_facts.c) --- */

/* "a wallet", "a mint of a token", … */
const char *pm_wallet_kind_words(enum pm_wallet_kind kind);
/* A wallet can stand there, though perhaps never used. */
bool pm_wallet_is_plain(const struct pm_wallet *wallet);
void pm_wallet_put_account(const struct pm_wallet *wallet, struct pm_group *group);
void pm_wallet_note_account(const struct pm_wallet *wallet, struct pm_answer *answer);
void pm_wallet_note_delegates(const struct pm_wallet *wallet, struct pm_answer *answer);
/* "everybody", "this wallet", "a key that it is a delegate of". */
const char *pm_wallet_grantee_words(enum pm_grantee grantee);
const char *pm_wallet_leave_word(enum pm_leave leave);
/* "enough", "short", "empty"; NULL: not known, or nothing is owed. */
const char *pm_wallet_funded_word(const struct pm_wallet_run *run);
const char *pm_wallet_key_text(struct pm_arena *arena, const struct pm_key *key);

/* --- the pool --- */

void pm_wallet_write_pool(const struct pm_wallet *wallet, struct pm_answer *answer);
void pm_wallet_say_pool(const struct pm_wallet *wallet, struct pm_say *say);
void pm_wallet_agree_pool(const struct pm_wallet *wallet, struct pm_answer *answer);
/* Somebody told of a deposit, or that there is none; *deposit is then known. */
bool pm_wallet_deposit(const struct pm_wallet *wallet, struct pm_big *deposit);

#endif
