/* rpc_text.h - bytes in the texts that Solana's nodes use. All results are from malloc. */
#ifndef PM_SIM_RPC_TEXT_H
#define PM_SIM_RPC_TEXT_H

#include "base/str.h"

#define SIM_VERSION "3.1.12"

char *sim_base58(pm_str bytes); /* at most 128 */
char *sim_base64(pm_str bytes);
/* Base64 of a zstd frame that does not tell its content's size, as nodes write it. */
char *sim_zstd_base64(pm_str bytes);

PM_CHECKED bool sim_unbase64(pm_str text, uint8_t *out, size_t room, size_t *len);

/* The first byte at which the text is no UTF-8, or its length. */
size_t sim_find_bad_utf8(pm_str text);

#endif
