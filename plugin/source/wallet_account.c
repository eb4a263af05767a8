/* wallet_account.c - what stands at a wallet's own address.
 *
 * People give the address of a run, a token or a pool for that of their wallet. The account tells, or
 * where there is none, the address: programs are known by theirs, and what programs derive lies off
 * the curve, so that nobody has a key for it. */

#include "source/wallet.h"

#include "chain/pda.h"

static enum pm_wallet_kind kind_of(const struct pm_wallet_who *who,
                                   const struct pm_account *account)
{
    const struct {
        const struct pm_key *owner;
        enum pm_wallet_kind kind;
    } owners[] = {
        {pm_program_key(PM_PROGRAM_SYSTEM), PM_WALLET_PLAIN},
        {&who->coordinator, PM_WALLET_COORDINATORS},
        {&who->treasurer, PM_WALLET_TREASURERS},
        {&who->authorizer, PM_WALLET_AUTHORIZERS},
        {&who->pool, PM_WALLET_POOLS},
    };
    struct pm_account_problem problem;
    struct pm_mint mint;
    struct pm_token_account tokens;
    if (account->is_executable) {
        return PM_WALLET_PROGRAM;
    }
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        if (pm_key_equal(&account->owner, owners[i].owner)) {
            return owners[i].kind;
        }
    }
    if (pm_mint_read(account, &mint, &problem) == PM_ACCOUNT_OK) {
        return PM_WALLET_MINT;
    }
    return pm_token_account_read(account, &tokens, &problem) == PM_ACCOUNT_OK ? PM_WALLET_TOKENS
                                                                              : PM_WALLET_OTHERS;
}

/* One of the programs that are known by their addresses, though the node may not show it. */
static bool is_program(const struct pm_wallet_who *who)
{
    const struct pm_key *programs[] = {&who->coordinator, &who->treasurer, &who->authorizer,
                                       &who->pool};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (pm_key_equal(&who->key, programs[i])) {
            return true;
        }
    }
    for (int i = 0; i < PM_PROGRAM_COUNT; i++) {
        if (pm_key_equal(&who->key, pm_program_key((enum pm_program)i))) {
            return true;
        }
    }
    return false;
}

enum pm_wallet_kind pm_wallet_kind_of_address(const struct pm_wallet_who *who)
{
    return is_program(who)                  ? PM_WALLET_PROGRAM
           : !pm_key_is_on_curve(&who->key) ? PM_WALLET_KEYLESS
                                            : PM_WALLET_UNKNOWN;
}

struct pm_wallet_account pm_wallet_read_account(const struct pm_wallet_who *who,
                                                const struct pm_rpc_row *row)
{
    struct pm_wallet_account account = {.kind = PM_WALLET_UNKNOWN};
    if (row && !row->account.is_there) {
        account.kind = PM_WALLET_ABSENT;
    } else if (row) {
        account.kind = kind_of(who, &row->account);
        account.is_there = true;
        account.lamports = row->account.lamports;
        account.owner = row->account.owner;
    }
    /* SOL can be sent to any address: that it holds some does not make it a wallet. */
    if (account.kind == PM_WALLET_ABSENT || account.kind == PM_WALLET_PLAIN) {
        enum pm_wallet_kind by_address = pm_wallet_kind_of_address(who);
        account.kind = by_address == PM_WALLET_UNKNOWN ? account.kind : by_address;
    }
    return account;
}
