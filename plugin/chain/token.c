/* token.c - mints and token accounts of Solana's two token programs.
 *
 * A mint has 82 bytes and a token account 165; they have no discriminator. The newer program may
 * append extensions, always from byte 166 on: byte 165 then says which of the two it is, and in a
 * mint the bytes between are zero. An account of 355 bytes is neither: it holds the signers of a
 * shared key, and never has extensions. */

#include "chain/token.h"

#include "chain/pda.h"

#define MINT_BYTES 82
#define TOKEN_BYTES 165
#define TYPE_OFFSET 165
#define SIGNERS_BYTES 355

enum extended_type { TYPE_MINT = 1, TYPE_TOKEN = 2 };
enum account_state { STATE_UNINITIALIZED, STATE_INITIALIZED, STATE_FROZEN };

/* TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb */
static const struct pm_key token_2022 = {{0x06, 0xDD, 0xF6, 0xE1, 0xEE, 0x75, 0x8F, 0xDE,
                                          0x18, 0x42, 0x5D, 0xBC, 0xE4, 0x6C, 0xCD, 0xDA,
                                          0xB6, 0x1A, 0xFC, 0x4D, 0x83, 0xB9, 0x0D, 0x27,
                                          0xFE, 0xBD, 0xF9, 0x28, 0xD8, 0xA1, 0x8B, 0xFC}};

const struct pm_key *pm_token_2022_program(void)
{
    return &token_2022;
}

static bool is_token_2022(const struct pm_account *account)
{
    return pm_key_equal(&account->owner, &token_2022);
}

/* From `base_bytes` on: nothing, or what the newer program writes before its extensions. */
static enum pm_account_verdict judge_extension(const struct pm_account *account, size_t base_bytes,
                                               enum extended_type type,
                                               struct pm_account_problem *problem)
{
    if (account->space == base_bytes) {
        return PM_ACCOUNT_OK;
    }
    struct pm_reader reader = pm_account_reader(account, base_bytes);
    pm_str between = pm_read_bytes(&reader, TYPE_OFFSET - base_bytes);
    uint8_t found = pm_read_u8(&reader);
    for (size_t i = 0; i < between.len; i++) {
        reader.bad = reader.bad || between.ptr[i] != '\0';
    }
    if (reader.bad || found != type || account->space == SIGNERS_BYTES || !is_token_2022(account)) {
        return pm_account_say(problem, PM_ACCOUNT_BAD, "not a %s",
                              type == TYPE_MINT ? "token mint" : "token account");
    }
    return PM_ACCOUNT_OK;
}

static enum pm_account_verdict begin(const struct pm_account *account, enum pm_account_kind kind,
                                     struct pm_reader *reader, struct pm_account_problem *problem)
{
    const struct pm_key *program =
        is_token_2022(account) ? &token_2022 : pm_program_key(PM_PROGRAM_TOKEN);
    bool is_mint = kind == PM_ACCOUNT_MINT;
    enum pm_account_verdict verdict = pm_account_begin(account, program, kind, reader, problem);
    if (verdict == PM_ACCOUNT_OK) {
        verdict = judge_extension(account, is_mint ? MINT_BYTES : TOKEN_BYTES,
                                  is_mint ? TYPE_MINT : TYPE_TOKEN, problem);
    }
    return verdict;
}

static struct pm_optional_key take_optional(struct pm_reader *reader, const char *what)
{
    struct pm_optional_key optional;
    optional.is_there = pm_read_u32_to(reader, 1, what) == 1;
    struct pm_key key = pm_read_key(reader);
    optional.key = optional.is_there ? key : (struct pm_key){0};
    return optional;
}

static enum pm_account_verdict end(enum pm_account_verdict verdict, bool is_initialized,
                                   const struct pm_reader *reader, void *out, size_t size,
                                   struct pm_account_problem *problem)
{
    if (verdict == PM_ACCOUNT_OK && !reader->bad && !is_initialized) {
        verdict = pm_account_say(problem, PM_ACCOUNT_BAD, "not initialized");
    }
    return pm_account_end(verdict, reader, out, size, problem);
}

enum pm_account_verdict pm_mint_read(const struct pm_account *account, struct pm_mint *out,
                                     struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict = begin(account, PM_ACCOUNT_MINT, &reader, problem);
    out->mint_authority = take_optional(&reader, "whether there is a mint authority");
    out->supply = pm_read_u64(&reader);
    out->decimals = pm_read_u8(&reader);
    bool is_initialized = pm_read_bool(&reader, "whether the mint is initialized");
    out->freeze_authority = take_optional(&reader, "whether there is a freeze authority");
    out->is_token_2022 = is_token_2022(account);
    return end(verdict, is_initialized, &reader, out, sizeof *out, problem);
}

enum pm_account_verdict pm_token_account_read(const struct pm_account *account,
                                              struct pm_token_account *out,
                                              struct pm_account_problem *problem)
{
    struct pm_reader reader;
    enum pm_account_verdict verdict = begin(account, PM_ACCOUNT_TOKEN, &reader, problem);
    out->mint = pm_read_key(&reader);
    out->owner = pm_read_key(&reader);
    out->amount = pm_read_u64(&reader);
    out->delegate = take_optional(&reader, "whether there is a delegate");
    uint32_t state = pm_read_u8_to(&reader, STATE_FROZEN, "state of the token account");
    out->is_frozen = state == STATE_FROZEN;
    out->is_native = pm_read_u32_to(&reader, 1, "whether it is native") == 1;
    uint64_t reserve = pm_read_u64(&reader);
    out->rent_reserve = out->is_native ? reserve : 0;
    out->delegated_amount = pm_read_u64(&reader);
    out->close_authority = take_optional(&reader, "whether there is a close authority");
    out->is_token_2022 = is_token_2022(account);
    return end(verdict, state != STATE_UNINITIALIZED, &reader, out, sizeof *out, problem);
}
