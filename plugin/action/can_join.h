/* can_join.h - may this wallet join this run, and why are its rewards zero? Pure rules over facts.
 *
 * The chain's own rule for joining: a valid leave of the run's join authority, a free place in the
 * list of 256, and fewer joined clients than the batch has sequences. Psyche's can-join asks for
 * less, and for other things: SOL for fees, and that the key does not train in this epoch already.
 * All that stands in the way is told at once. */
#ifndef PM_ACTION_CAN_JOIN_H
#define PM_ACTION_CAN_JOIN_H

#include "source/wallet.h"

/* constant, word, whether it stands in the way, field of the account, what to do */
#define PM_JOIN_REASONS(X)                                                                         \
    X(FINISHED, "finished", true, "run_state", "choose another run: this one is over")             \
    X(NOT_SET_UP, "not_set_up", true, "run_state", "wait until its owner has set it up")           \
    X(PAUSED, "paused", true, "run_state",                                                         \
      "wait until its owner resumes it; only its main authority can")                              \
    X(NO_LEAVE, "no_authorization", true, "authorization",                                         \
      "send the wallet's address to the run's admin, who holds the join authority")                \
    X(INACTIVE, "authorization_inactive", true, "authorization.active",                            \
      "ask the run's admin to make it active")                                                     \
    X(OTHER_GRANTOR, "wrong_grantor", true, "authorization.grantor",                               \
      "ask for an authorization by this run's join authority")                                     \
    X(OTHER_GRANTEE, "wrong_grantee", true, "authorization.grantee",                               \
      "ask its grantee to name this wallet as a delegate, or for one of its own")                  \
    X(OTHER_SCOPE, "wrong_scope", true, "authorization.scope",                                     \
      "ask for one with the scope CoordinatorJoinRun")                                             \
    X(UNREADABLE, "authorization_unreadable", true, "authorization",                               \
      "ask again; an account of that address cannot be read")                                      \
    X(IN_EPOCH, "already_in_epoch", true, "epoch_state.clients",                                   \
      "nothing, if this is your client; a second machine needs a key of its own")                  \
    X(NO_SLOT, "no_free_slot", true, "clients_state.clients", "wait: all 256 places are taken")    \
    X(BATCH_FULL, "batch_size_reached", true, "config.global_batch_size_end",                      \
      "wait: there are as many clients as sequences in a step")                                    \
    X(NO_SOL, "no_lamports", true, "lamports", "put some SOL on it, for fees (devnet: a faucet)")  \
    X(NO_WALLET, "not_a_wallet", true, "owner", "give the address of a wallet, which has a key")   \
    X(PAUSE_ASKED, "pause_asked", false, "pending_pause", "expect a pause when this epoch ends")   \
    X(NEXT_EPOCH, "epoch_under_way", false, "run_state", "join now, train from the next epoch on") \
    X(VERSION, "client_version", false, "client_version",                                          \
      "run that version of the client; run-manager fetches it by itself")

enum pm_join_reason {
#define PM_JOIN_ENUM(id, word, blocks, field, todo) PM_JOIN_##id,
    PM_JOIN_REASONS(PM_JOIN_ENUM)
#undef PM_JOIN_ENUM
        PM_JOIN_REASON_COUNT
};

enum pm_join_verdict { PM_JOIN_UNKNOWN, PM_JOIN_YES, PM_JOIN_NO };

struct pm_join {
    enum pm_join_verdict verdict;
    enum pm_join_reason reasons[PM_JOIN_REASON_COUNT]; /* in the order of the table */
    size_t count;
    enum pm_grantee way; /* whose leave lets it in; PM_GRANTEE_COUNT: nobody's */
};

struct pm_join pm_can_join(const struct pm_wallet_who *who, const struct pm_wallet_account *account,
                           const struct pm_wallet_run *run);
const char *pm_join_word(enum pm_join_reason reason);
const char *pm_join_field(enum pm_join_reason reason);
const char *pm_join_todo(enum pm_join_reason reason);
bool pm_join_blocks(enum pm_join_reason reason);
const char *pm_join_verdict_word(enum pm_join_verdict verdict);

/* What `run-manager can-join` says: with --authorizer that grantee, else for everybody. NULL when
 * not all it looks at is known. */
const char *pm_can_join_by_tool(const struct pm_wallet_account *account,
                                const struct pm_wallet_run *run, enum pm_grantee grantee);

/* --- when --- */

struct pm_opening {
    const char
        *when; /* "now", "next_epoch", "after_a_pause", "when_resumed", "not_set_up", "never" */
    const char *why;
    bool has_time; /* of the end of this epoch */
    uint64_t at;   /* unix seconds */
};

struct pm_opening pm_next_opening(const struct pm_wallet_state *state);

/* --- the wallet in a run --- */

/* "active", "pending", "exited", "past"; "none" for one that never joined. */
const char *pm_member_word(const struct pm_wallet_run *run);
/* Why it has earned nothing there, or has nothing to claim; NULL when neither is so. */
const char *pm_why_zero(const struct pm_wallet_run *run);

#endif
