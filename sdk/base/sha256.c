/* SPDX-License-Identifier: Apache-2.0 */
/* One digest, by the libcrypto that is installed. It must not know what is digested. */
#include "base/sha256.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "base/banned.h"

typedef int (*digest_function)(OSSL_LIB_CTX *, const char *, const char *, const void *, size_t,
                               unsigned char *, size_t *);

void
sha256_hex(const void *bytes, size_t length, char *out)
{
  void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  unsigned char digest[EVP_MAX_MD_SIZE];
  size_t size = 0;
  union {
    void *symbol;
    digest_function call;
  } digest_of = {library ? dlsym(library, "EVP_Q_digest") : NULL};

  out[0] = '\0';
  if (!digest_of.symbol || digest_of.call(NULL, "SHA256", NULL, bytes, length, digest, &size) != 1) return;
  for (size_t i = 0; i < size && i < 32; i++)
    snprintf(out + 2 * i, 3, "%02x", digest[i]);
}
