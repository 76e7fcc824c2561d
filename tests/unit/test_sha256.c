/* SPDX-License-Identifier: Apache-2.0 */
/* base/sha256 against the examples of FIPS 180-4. */
#include <criterion/criterion.h>

#include "base/sha256.h"

Test(sha256, known_digests)
{
  char digest[65];

  sha256_hex("abc", 3, digest);
  cr_assert_str_eq(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  sha256_hex("", 0, digest);
  cr_assert_str_eq(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
