/* fuzz_accounts.c - the small accounts. An input's first byte says which, the rest is its data. */

#include "fuzz.h"

#include "chain/authorization.h"
#include "chain/instance.h"
#include "chain/pda.h"
#include "chain/pool.h"
#include "chain/token.h"
#include "chain/treasurer.h"

static const struct pm_key program = {{7}};

union facts {
    struct pm_instance instance;
    struct pm_chain_pool pool;
    struct pm_lender lender;
    struct pm_treasurer_run run;
    struct pm_participant participant;
    struct pm_authorization authorization;
    struct pm_mint mint;
    struct pm_token_account token;
};

static enum pm_account_verdict read_account(unsigned kind, const struct pm_account *account,
                                            union facts *facts, struct pm_account_problem *problem)
{
    switch (kind) {
    case 0:
        return pm_instance_read(account, &program, &facts->instance, problem);
    case 1:
        return pm_chain_pool_read(account, &program, &facts->pool, problem);
    case 2:
        return pm_lender_read(account, &program, &facts->lender, problem);
    case 3:
        return pm_treasurer_run_read(account, &program, &facts->run, problem);
    case 4:
        return pm_participant_read(account, &program, &facts->participant, problem);
    case 5:
        return pm_authorization_read(account, &program, &facts->authorization, problem);
    case 6:
    case 7:
        return pm_mint_read(account, &facts->mint, problem);
    default:
        return pm_token_account_read(account, &facts->token, problem);
    }
}

static size_t facts_bytes(unsigned kind)
{
    static const size_t sizes[] = {
        sizeof(struct pm_instance),      sizeof(struct pm_chain_pool),
        sizeof(struct pm_lender),        sizeof(struct pm_treasurer_run),
        sizeof(struct pm_participant),   sizeof(struct pm_authorization),
        sizeof(struct pm_mint),          sizeof(struct pm_mint),
        sizeof(struct pm_token_account), sizeof(struct pm_token_account),
    };
    return sizes[kind];
}

static bool is_within(pm_str data, pm_str text)
{
    return text.len == 0 || (text.ptr >= data.ptr && text.ptr + text.len <= data.ptr + data.len);
}

static void check_authorization(pm_str data, const struct pm_authorization *given)
{
    struct pm_key user = {{9}};
    HOLDS(is_within(data, given->scope) && is_within(data, given->delegates));
    for (size_t i = 0; i < given->delegate_count; i++) {
        user = pm_authorization_delegate(given, i);
    }
    HOLDS(given->delegate_count == 0 || !given->is_active ||
          pm_authorization_allows(given, &given->grantor, &user, given->scope));
}

static void check_facts(unsigned kind, pm_str data, const union facts *facts)
{
    if (kind == 0) {
        HOLDS(is_within(data, facts->instance.run_id) && fuzz_is_utf8(facts->instance.run_id));
        HOLDS(facts->instance.run_id.len <= PM_PDA_SEED_BYTES_MOST ||
              !pm_instance_is_at(&facts->instance, &program, &program));
    } else if (kind == 1) {
        HOLDS(is_within(data, facts->pool.metadata));
        HOLDS(facts->pool.metadata.len <= PM_CHAIN_POOL_METADATA_BYTES);
    } else if (kind == 5) {
        check_authorization(data, &facts->authorization);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    union facts facts;
    struct pm_account_problem problem;
    struct pm_key zero[sizeof facts / sizeof(struct pm_key) + 1];
    if (size == 0) {
        return 0;
    }
    unsigned kind = data[0] % 10;
    pm_str text = fuzz_text(data + 1, size - 1);
    struct pm_account account = {
        .is_there = true, .owner = program, .space = text.len, .data = text};
    if (kind >= 6) {
        account.owner = kind % 2 ? *pm_token_2022_program() : *pm_program_key(PM_PROGRAM_TOKEN);
    }
    memset(&facts, 0xAA, sizeof facts);
    memset(zero, 0, sizeof zero);
    if (read_account(kind, &account, &facts, &problem) == PM_ACCOUNT_OK) {
        HOLDS(!problem.text[0]);
        check_facts(kind, text, &facts);
    } else {
        HOLDS(problem.text[0] && memcmp(&facts, zero, facts_bytes(kind)) == 0);
    }
    return 0;
}
