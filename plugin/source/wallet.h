/* wallet.h - what a run's accounts on Solana say of one wallet.
 *
 * The coordinator account tells who has joined and who trains; other accounts are the leave to join
 * for everybody, for this wallet, and for another key of whom it may be a delegate; and the
 * treasurer's run, which stands at an address that follows from the run's id, or is its main
 * authority. Only when there is one, four more tell what the wallet claimed, what token that is, and
 * how much of it the treasurer and the wallet hold. Reading needs no network: wallet_look.h asks. */
#ifndef PM_SOURCE_WALLET_H
#define PM_SOURCE_WALLET_H

#include "source/chain_run.h"

/* Whom a leave to join was given to. */
enum pm_grantee {
    PM_GRANTEE_EVERYBODY,
    PM_GRANTEE_WALLET,
    PM_GRANTEE_OTHER, /* a key that may name delegates; looked for only when somebody names it */
    PM_GRANTEE_COUNT
};

enum pm_leave {
    PM_LEAVE_UNKNOWN, /* not asked for, or not answered */
    PM_LEAVE_ABSENT,
    PM_LEAVE_UNREADABLE, /* what stands there is no leave */
    PM_LEAVE_INACTIVE,
    PM_LEAVE_OTHER_GRANTOR,
    PM_LEAVE_OTHER_GRANTEE, /* and the wallet is no delegate */
    PM_LEAVE_OTHER_SCOPE,
    PM_LEAVE_VALID,
    PM_LEAVE_COUNT
};

/* Whose wallet, and where its accounts are. */
struct pm_wallet_who {
    struct pm_key key;
    bool has_other; /* another key is named, whose delegate it may be */
    struct pm_key other;
    struct pm_key coordinator, treasurer, authorizer, pool; /* programs */
};

/* What stands at the wallet's address. */
enum pm_wallet_kind {
    PM_WALLET_UNKNOWN, /* not answered */
    PM_WALLET_ABSENT,  /* never funded, or emptied */
    PM_WALLET_PLAIN,
    PM_WALLET_KEYLESS, /* off the curve, as what programs derive is, with or without SOL */
    PM_WALLET_PROGRAM,
    PM_WALLET_MINT,
    PM_WALLET_TOKENS,
    PM_WALLET_COORDINATORS, /* an account of that program */
    PM_WALLET_TREASURERS,
    PM_WALLET_AUTHORIZERS,
    PM_WALLET_POOLS,
    PM_WALLET_OTHERS,
    PM_WALLET_KIND_COUNT
};

struct pm_wallet_account {
    enum pm_wallet_kind kind;
    bool is_there;
    uint64_t lamports;
    struct pm_key owner; /* for those that are there */
};

struct pm_wallet_grant {
    enum pm_leave leave; /* the first of its flaws, when it has some */
    unsigned flaws;      /* all that is wrong with it: bits 1 << PM_LEAVE_… */
    size_t delegates;
    pm_str delegate_keys; /* PM_KEY_BYTES each */
    int64_t granted_at;   /* unix seconds; any number */
};

/* The run, as far as joining and earning depend on it. */
struct pm_wallet_state {
    enum pm_chain_state state;
    uint16_t epoch, init_min_clients, min_clients, batch_size_end;
    uint64_t epoch_time, cooldown_time, epoch_started_at, state_started_at;
    uint32_t step, total_steps;
    size_t client_count, member_count, next_epoch_clients;
    bool pending_pause;
    struct pm_coordinator_rates current_rates, future_rates;
    struct pm_fixed name, client_version;
    struct pm_coordinator_checkpoint checkpoint;
};

/* The wallet in it. */
struct pm_wallet_member {
    bool is_member; /* has joined at some time */
    uint64_t earned, slashed, active;
    bool is_next;  /* takes part in the next epoch */
    bool was_next; /* or would have taken part in the one that began last */
    bool is_in_epoch, has_exited;
    enum pm_chain_client_state epoch_state, exited_state;
    uint32_t epoch_height, exited_height; /* epoch_height: 0 but for odd accounts */
};

struct pm_wallet_rewards {
    bool is_known; /* whether there is a treasurer */
    bool has_treasurer;
    struct pm_treasurer_run treasurer;
    bool is_participant_known, has_participant;
    struct pm_participant participant;
    bool has_mint, has_funds, has_balance;
    struct pm_mint mint;
    uint64_t funds;   /* what the treasurer holds, base units */
    uint64_t balance; /* what the wallet holds of the same token */
};

struct pm_wallet_run {
    struct pm_instance instance;
    struct pm_key instance_key, default_treasurer_key, grant_keys[PM_GRANTEE_COUNT];
    bool may_be_paid_by_owner;       /* its main authority has no key, so may be a treasurer */
    struct pm_key presumed_part_key; /* the wallet's part, if the treasurer is where it should be */
    struct pm_key participant_key, funds_key, balance_key; /* once the treasurer is known */
    const struct pm_ask *ask; /* where the facts come from; NULL: not answered */
    struct pm_chain_part account_part;
    bool has_state;
    bool lacks_memory; /* why it has none: nothing is said of it then */
    struct pm_wallet_state state;
    struct pm_wallet_member member;
    struct pm_wallet_grant grants[PM_GRANTEE_COUNT];
    struct pm_wallet_rewards rewards;
};

/* From the settings; `address` in base58. False when it is no address; `problem` says why. */
PM_CHECKED bool pm_wallet_who_read(const struct pm_settings *settings, pm_str address,
                                   struct pm_wallet_who *who, const char **problem);

/* False when it can have no such accounts. */
PM_CHECKED bool pm_wallet_run_make(const struct pm_wallet_who *who,
                                   const struct pm_instance *instance, struct pm_wallet_run *run);

/* What came of the accounts that were asked for together; an account that is not among them stays
 * as it was. Texts point into them. */
void pm_wallet_read_run(const struct pm_wallet_who *who, const struct pm_rpc_accounts *accounts,
                        struct pm_wallet_run *run);
void pm_wallet_read_money(const struct pm_wallet_who *who, const struct pm_rpc_accounts *accounts,
                          struct pm_wallet_run *run);
struct pm_wallet_account pm_wallet_read_account(const struct pm_wallet_who *who,
                                                const struct pm_rpc_row *row);
/* What the address alone tells: one of a program that is known, one that no key can have, or
 * PM_WALLET_UNKNOWN. */
enum pm_wallet_kind pm_wallet_kind_of_address(const struct pm_wallet_who *who);
/* The row of that key; NULL when it was not asked for. */
const struct pm_rpc_row *pm_wallet_find_row(const struct pm_rpc_accounts *accounts,
                                            const struct pm_key *key);

/* What a leave is worth to the wallet, by the authorizer program's rule: what it says counts, not
 * for whom its address was derived. */
struct pm_wallet_grant pm_wallet_judge_leave(const struct pm_wallet_who *who,
                                             const struct pm_authorization *leave,
                                             const struct pm_key *grantor);

/* The first of the three that is valid; PM_GRANTEE_COUNT when none is. */
enum pm_grantee pm_wallet_way_in(const struct pm_wallet_run *run);
/* One of the leaves that could be the way in is not known. */
bool pm_wallet_is_way_unsure(const struct pm_wallet_run *run, bool has_other);

/* What it has earned and what it has claimed are known, so what is left is. */
bool pm_wallet_knows_unclaimed(const struct pm_wallet_run *run);
/* Points that were earned and not claimed; 0 when more was claimed than earned. */
uint64_t pm_wallet_unclaimed(const struct pm_wallet_run *run);

#endif
