# SPDX-License-Identifier: Apache-2.0
clxs_fuzz(config LIBS clxs_auth clxs_conf)
clxs_fuzz(output LIBS clxs_out)
