/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that cannot be used safely become compile errors. Include this last; the comment says what to
 * use. */
#ifndef CLXS_BASE_BANNED_H
#define CLXS_BASE_BANNED_H

#define BANNED(func) sorry_##func##_is_a_banned_function

#undef strcpy
#define strcpy(x, y) BANNED(strcpy) /* arena_strdup, buf_add_text */
#undef strcat
#define strcat(x, y) BANNED(strcat) /* buf_add_text */
#undef strncpy
#define strncpy(x, y, n) BANNED(strncpy) /* arena_strndup */
#undef strncat
#define strncat(x, y, n) BANNED(strncat) /* buf_add */
#undef strtok
#define strtok(x, y) BANNED(strtok) /* strsep on a copy, or str_next */
#undef strtok_r
#define strtok_r(x, y, z) BANNED(strtok_r)
#undef sprintf
#define sprintf(...) BANNED(sprintf) /* buf_addf, arena_printf, snprintf */
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(x) BANNED(gets) /* getline */
#undef atoi
#define atoi(x) BANNED(atoi) /* str_to_int64 */
#undef atol
#define atol(x) BANNED(atol)
#undef gmtime
#define gmtime(x) BANNED(gmtime) /* gmtime_r */
#undef localtime
#define localtime(x) BANNED(localtime) /* localtime_r */
#undef asctime
#define asctime(x) BANNED(asctime) /* strftime */
#undef ctime
#define ctime(x) BANNED(ctime)
#undef rand
#define rand() BANNED(rand) /* getrandom */
#undef system
#define system(x) BANNED(system) /* posix_spawn with an argument list */

#endif
