# SPDX-License-Identifier: Apache-2.0
# Removes the names of cases that passed in an earlier run, from the folder RAN.
file(REMOVE_RECURSE ${RAN})
file(MAKE_DIRECTORY ${RAN})
