/* wallet_facts.c - what is said alike of a wallet in all runs and of one in one run. */

#include "action/wallet.h"

const char *pm_wallet_key_text(struct pm_arena *arena, const struct pm_key *key)
{
    return pm_arena_cstr(arena, pm_pool_key_text(arena, key));
}

const char *pm_wallet_kind_words(enum pm_wallet_kind kind)
{
    static const char *const words[PM_WALLET_KIND_COUNT] = {
        [PM_WALLET_UNKNOWN] = "unknown",
        [PM_WALLET_ABSENT] = "nothing yet",
        [PM_WALLET_PLAIN] = "wallet",
        [PM_WALLET_KEYLESS] = "address without a key",
        [PM_WALLET_PROGRAM] = "program",
        [PM_WALLET_MINT] = "mint of a token",
        [PM_WALLET_TOKENS] = "token account",
        [PM_WALLET_COORDINATORS] = "account of the coordinator program",
        [PM_WALLET_TREASURERS] = "account of the treasurer program",
        [PM_WALLET_AUTHORIZERS] = "account of the authorizer program",
        [PM_WALLET_POOLS] = "account of the mining pool program",
        [PM_WALLET_OTHERS] = "account of another program",
    };
    return words[kind];
}

/* What is known of it, be it by the address alone, or from the pool's cluster. */
static enum pm_wallet_kind kind_of(const struct pm_wallet *wallet)
{
    enum pm_wallet_kind kind = wallet->look.account.kind;
    if (kind == PM_WALLET_UNKNOWN) {
        kind = pm_wallet_kind_of_address(&wallet->who);
    }
    bool is_told_there = wallet->pool.ask && wallet->pool.account.kind > PM_WALLET_KEYLESS;
    return kind <= PM_WALLET_KEYLESS && is_told_there ? wallet->pool.account.kind : kind;
}

bool pm_wallet_is_plain(const struct pm_wallet *wallet)
{
    return kind_of(wallet) <= PM_WALLET_PLAIN;
}

void pm_wallet_put_account(const struct pm_wallet *wallet, struct pm_group *group)
{
    const struct pm_wallet_account *account = &wallet->look.account;
    pm_put_own(group, "address_is", pm_wallet_kind_words(account->kind));
    if (account->kind != PM_WALLET_UNKNOWN) {
        pm_put_big(group, "lamports", pm_big_from_u64(account->lamports));
    }
    if (account->is_there && account->kind != PM_WALLET_PLAIN) {
        pm_put_own(group, "owner", pm_wallet_key_text(wallet->call->arena, &account->owner));
    }
}

void pm_wallet_note_account(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    enum pm_wallet_kind kind = kind_of(wallet);
    struct pm_say say;
    if (kind <= PM_WALLET_PLAIN) {
        return;
    }
    pm_say_init(&say, wallet->call->arena);
    if (kind == PM_WALLET_KEYLESS) {
        pm_say_own(&say, "this address has no key, for it is off the curve, as what a program "
                         "derives is: no wallet is there");
    } else {
        pm_say_own(&say, "this address is no wallet: it is the address of ");
        pm_say_own(&say,
                   kind == PM_WALLET_MINT || kind == PM_WALLET_PROGRAM || kind == PM_WALLET_TOKENS
                       ? "a "
                       : "an ");
        pm_say_own(&say, pm_wallet_kind_words(kind));
        if (wallet->look.account.kind != kind && wallet->pool.ask && wallet->pool.ask->cluster) {
            pm_say_own(&say, " on ");
            pm_say_own(&say, wallet->pool.ask->cluster);
        }
    }
    pm_say_own(&say, "; ask the user for the public address of the wallet");
    pm_answer_note(answer, &say);
}

void pm_wallet_note_delegates(const struct pm_wallet *wallet, struct pm_answer *answer)
{
    if (!wallet->who.has_other) {
        pm_answer_note_own(answer,
                           "leave that was given to another key, of which this wallet is a "
                           "delegate, cannot be found from the wallet alone: name that key as "
                           "wallet.authorizer (AUTHORIZER in an env file)");
    }
}

const char *pm_wallet_grantee_words(enum pm_grantee grantee)
{
    static const char *const words[] = {
        [PM_GRANTEE_EVERYBODY] = "leave for everybody",
        [PM_GRANTEE_WALLET] = "its own leave",
        [PM_GRANTEE_OTHER] = "leave of AUTHORIZER, as its delegate",
        [PM_GRANTEE_COUNT] = "no leave",
    };
    return words[grantee];
}

const char *pm_wallet_leave_word(enum pm_leave leave)
{
    static const char *const words[] = {
        [PM_LEAVE_UNKNOWN] = "unknown",
        [PM_LEAVE_ABSENT] = "absent",
        [PM_LEAVE_UNREADABLE] = "unreadable",
        [PM_LEAVE_INACTIVE] = "inactive",
        [PM_LEAVE_OTHER_GRANTOR] = "wrong grantor",
        [PM_LEAVE_OTHER_GRANTEE] = "wrong grantee",
        [PM_LEAVE_OTHER_SCOPE] = "wrong scope",
        [PM_LEAVE_VALID] = "valid",
    };
    return words[leave];
}

const char *pm_wallet_funded_word(const struct pm_wallet_run *run)
{
    const struct pm_wallet_rewards *rewards = &run->rewards;
    uint64_t owed = pm_wallet_unclaimed(run);
    if (!pm_wallet_knows_unclaimed(run) || !rewards->has_funds || owed == 0) {
        return NULL;
    }
    return rewards->funds >= owed ? "enough" : rewards->funds > 0 ? "short" : "empty";
}
