/* derived.c - addresses that follow from names, each derived once. */

#include "source/derived.h"

#include <assert.h>
#include <string.h>

static_assert(PM_KEY_BYTES == PM_MEMO_BYTES, "an address is what is kept");
static_assert(1 + 3 * PM_KEY_BYTES <= PM_MEMO_NAME_MOST, "an authorization has the longest name");

/* What an address follows from; its kind goes first, so no two kinds have a name in common. */
struct name {
    char bytes[PM_MEMO_NAME_MOST];
    size_t len;
};

static void add(struct name *name, const void *bytes, size_t len)
{
    assert(name->len + len <= sizeof name->bytes);
    memcpy(name->bytes + name->len, bytes, len);
    name->len += len;
}

static struct name begin(char kind, const struct pm_key *key)
{
    struct name name;
    name.bytes[0] = kind;
    name.len = 1;
    add(&name, key->bytes, sizeof key->bytes);
    return name;
}

static pm_str text_of(const struct name *name)
{
    return (pm_str){name->bytes, name->len};
}

static bool recall(struct pm_memo *memo, const struct name *name, struct pm_key *out)
{
    return pm_memo_recall(memo, text_of(name), out->bytes);
}

/* `is_there`: the derivation came to an address. */
static bool keep(struct pm_memo *memo, const struct name *name, bool is_there,
                 const struct pm_key *out)
{
    if (is_there) {
        pm_memo_keep(memo, text_of(name), out->bytes);
    }
    return is_there;
}

bool pm_derived_instance(struct pm_memo *memo, const struct pm_key *program, pm_str run_id,
                         struct pm_key *out)
{
    struct name name = begin('i', program);
    if (run_id.len > PM_PDA_SEED_BYTES_MOST) {
        return false;
    }
    add(&name, run_id.len ? run_id.ptr : "", run_id.len);
    return recall(memo, &name, out) ||
           keep(memo, &name, pm_pda_instance(program, run_id, out), out);
}

bool pm_derived_pool(struct pm_memo *memo, const struct pm_key *program, uint64_t index,
                     struct pm_key *out)
{
    struct name name = begin('p', program);
    add(&name, &index, sizeof index);
    return recall(memo, &name, out) || keep(memo, &name, pm_pda_pool(program, index, out), out);
}

bool pm_derived_run(struct pm_memo *memo, const struct pm_key *program, uint64_t index,
                    struct pm_key *out)
{
    struct name name = begin('r', program);
    add(&name, &index, sizeof index);
    return recall(memo, &name, out) || keep(memo, &name, pm_pda_run(program, index, out), out);
}

bool pm_derived_authorization(struct pm_memo *memo, const struct pm_key *program,
                              const struct pm_key *grantor, const struct pm_key *grantee,
                              struct pm_key *out)
{
    struct name name = begin('a', program);
    add(&name, grantor->bytes, sizeof grantor->bytes);
    add(&name, grantee->bytes, sizeof grantee->bytes);
    return recall(memo, &name, out) ||
           keep(memo, &name, pm_pda_authorization(program, grantor, grantee, out), out);
}

bool pm_derived_token_account(struct pm_memo *memo, const struct pm_key *owner,
                              const struct pm_key *mint, struct pm_key *out)
{
    struct name name = begin('t', owner);
    add(&name, mint->bytes, sizeof mint->bytes);
    return recall(memo, &name, out) ||
           keep(memo, &name, pm_pda_token_account(owner, mint, out), out);
}
