# SPDX-License-Identifier: Apache-2.0
# Removes the folder RAN with the names of cases that passed in an earlier run.
file(REMOVE_RECURSE ${RAN})
file(MAKE_DIRECTORY ${RAN})
