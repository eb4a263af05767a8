/* kin.c - is somebody in charge of an unlisted run who is in charge of a listed one? */

#include "action/kin.h"

#include "action/look_chain.h"
#include "source/derived.h"

/* --- asking --- */

static struct pm_ask *put(struct pm_batch *batch, pm_str url, const void *what, bool carries)
{
    const struct pm_kin *kin = what;
    return pm_rpc_ask_accounts(batch, url, kin->keys, kin->count, NULL, carries);
}

/* What no run on chain can be called has no instance. */
static void ask(struct pm_kin *kin, struct pm_nodes *nodes, const struct pm_listing *listing)
{
    kin->count = 0;
    for (size_t i = 0; i < listing->count; i++) {
        kin->count += pm_derived_instance(nodes->batch->memo, &nodes->program_key,
                                          listing->rows[i].info->id, &kin->keys[kin->count]);
    }
    if (kin->count) {
        pm_question_ask(&kin->question, nodes, put, kin, false);
    }
}

/* Who looked through all runs on chain for this one has them already. */
static bool has_all(const struct pm_look *look)
{
    return look->chain.is_list_asked && pm_chain_list_is_ready(&look->chain.list);
}

bool pm_kin_go_on(struct pm_kin *kin, struct pm_look *look)
{
    struct pm_nodes *nodes = &look->chain.nodes;
    const struct pm_chain_run *run = pm_look_chain_current(look);
    if (!run || look->listing.count == 0 || look->listing.count > PM_RPC_KEYS_MOST ||
        pm_listing_has(&look->listing, run->instance.run_id)) {
        return false;
    }
    bool is_new = !kin->is_asked || kin->moves != nodes->moves ||
                  !pm_key_equal(&kin->instance_key, &run->instance_key);
    if (is_new) {
        *kin = (struct pm_kin){
            .is_asked = true, .moves = nodes->moves, .instance_key = run->instance_key};
        if (!has_all(look)) {
            ask(kin, nodes, &look->listing);
        }
    }
    return (kin->count && pm_question_go_on(&kin->question, nodes)) || (is_new && kin->count);
}

/* --- what came of it --- */

struct kinship {
    size_t read; /* of the listed runs */
    bool has_main, has_join;
};

static void compare(struct kinship *found, const struct pm_instance *run,
                    const struct pm_instance *other)
{
    found->read++;
    found->has_main |= pm_key_equal(&run->main_authority, &other->main_authority);
    found->has_join |= pm_key_equal(&run->join_authority, &other->join_authority);
}

static struct kinship compare_asked(const struct pm_rpc_accounts *accounts,
                                    const struct pm_key *program, const struct pm_instance *run)
{
    struct kinship found = {0};
    for (size_t i = 0; i < accounts->count; i++) {
        struct pm_account_problem problem;
        struct pm_instance other;
        if (pm_instance_read(&accounts->rows[i].account, program, &other, &problem) ==
            PM_ACCOUNT_OK) {
            compare(&found, run, &other);
        }
    }
    return found;
}

static struct kinship compare_found(const struct pm_look *look, const struct pm_instance *run)
{
    struct kinship found = {0};
    for (size_t i = 0; i < look->listing.count; i++) {
        const struct pm_chain_row *row =
            pm_chain_list_find(&look->chain.list, look->listing.rows[i].info->id);
        if (row) {
            compare(&found, run, &row->instance);
        }
    }
    return found;
}

/* Where none of the listed runs is, they are of another chain: nothing can be compared. That a main
 * authority is a listed run's is not worth a word, for whoever makes a run names it. */
void pm_kin_note(const struct pm_kin *kin, const struct pm_look *look, const struct pm_view *view,
                 struct pm_answer *answer)
{
    const struct pm_chain_run *run = view->chain;
    const struct pm_ask *from = kin->count ? pm_question_answer(&kin->question) : NULL;
    bool is_known = kin->is_asked && (from || has_all(look));
    if (!is_known || !run || !pm_key_equal(&kin->instance_key, &run->instance_key)) {
        return;
    }
    struct kinship found =
        from ? compare_asked(pm_rpc_accounts(from), &look->chain.nodes.program_key, &run->instance)
             : compare_found(look, &run->instance);
    struct pm_say say;
    if (found.read == 0 || found.has_main) {
        return;
    }
    pm_say_init(&say, look->call->arena);
    pm_say_text(&say, pm_clean(look->call->arena, PM_TEXT_ID, view->id));
    pm_say_own(&say, " is not on the dashboard's list [tracked], and ");
    pm_say_own(&say, found.has_join ? "its main authority is in charge of no listed run"
                                    : "no authority of a listed run is in charge there");
    pm_say_own(&say, " [on-chain]");
    pm_answer_note(answer, &say);
}
