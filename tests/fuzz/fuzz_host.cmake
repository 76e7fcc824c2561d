# SPDX-License-Identifier: Apache-2.0
# What the host reads that others wrote.
clxs_fuzz(manifest LIBS clxs_manifest clxs_cli)
clxs_fuzz(index LIBS clxs_plugin)
