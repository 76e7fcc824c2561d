/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by OpenSSL's libcrypto, which is loaded when the first digest is asked for: linking it would cost
 * every start of clxs about a millisecond. */
#ifndef CLXS_BASE_SHA256_H
#define CLXS_BASE_SHA256_H

#include <stddef.h>

/* The digest of LENGTH bytes in lower-case hexadecimal, with a NUL: 65 bytes at OUT. Empty when libcrypto
 * cannot be loaded, which equals no digest. */
void sha256_hex(const void *bytes, size_t length, char *out);

#endif
