/* wallet.c - what a wallet has in Psyche's runs, and whether it can join one.
 *
 * Without run_id: every run on chain is found as for a list, and their whole accounts are asked for,
 * twenty runs a question, with all that follows from the wallet's own address beside them: six
 * questions for fifty-seven runs, the pool's included. Where there are more, their heads come first
 * and those that are over are left out, but for a full answer. The dashboard is asked for the rank
 * in the pool, and which runs it lists. With run_id the run is looked for as everywhere,
 * and the same accounts are read for it alone; all reasons against joining are told at once. Nothing
 * needs a key: an address is enough. */

#include "action/wallet.h"

/* Where a page of memberships begins: "m.<id>". */
static bool read_page(struct pm_wallet *wallet, struct pm_answer *answer)
{
    static const char *const parts[] = {"on_chain",       "tracked",   "pool",      "memberships",
                                        "joining",        "reasons",   "agreement", "guide",
                                        "authorizations", "delegates", NULL};
    pm_str page = wallet->call->request->page;
    if (pm_str_starts(page, PM_STR("m.")) && wallet->call->request->run_id.len == 0) {
        wallet->after = pm_unclean(wallet->call->arena, pm_str_tail(page, 2));
        return true;
    }
    return pm_frame_read_part(wallet->call, answer, parts);
}

static bool read_address(struct pm_wallet *wallet)
{
    struct pm_call *call = wallet->call;
    pm_str given = call->request->address, shown;
    const char *problem;
    wallet->address = pm_str_trim(given.len ? given : call->settings->wallet_address);
    if (wallet->address.len == 0) {
        return pm_fail(&call->error, PM_E_BAD_REQUEST,
                       "psyche_wallet needs address: ask the user for the public address of the "
                       "wallet (never for a key or a seed phrase)");
    }
    if (pm_wallet_who_read(call->settings, wallet->address, &wallet->who, &problem)) {
        return true;
    }
    if (wallet->address.len > PM_KEY_TEXT_MOST) { /* it may be a key that belongs nowhere */
        return pm_fail(&call->error, PM_E_BAD_REQUEST,
                       "address: %zu characters are too many for a Solana address, which has 32 to "
                       "44; a key or a seed phrase must never be given to anybody",
                       wallet->address.len);
    }
    shown = wallet->address;
    return pm_fail(&call->error, PM_E_BAD_REQUEST,
                   "address: \"%.*s\" is no Solana address: %s; ask the user for it again",
                   PM_STR_ARG(shown), problem);
}

bool pm_action_wallet(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_wallet *wallet = pm_arena_zero(call->arena, sizeof *wallet);
    if (!wallet) {
        return false;
    }
    wallet->call = call;
    if (!read_address(wallet) || !read_page(wallet, answer)) {
        return false;
    }
    pm_answer_asked(answer, "address", pm_clean(call->arena, PM_TEXT_ID, wallet->address));
    return call->request->run_id.len ? pm_wallet_answer_run(wallet, answer)
                                     : pm_wallet_answer_all(wallet, answer);
}
