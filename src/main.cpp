// SPDX-License-Identifier: Apache-2.0
#include "chatvim/cli/main.hpp"

int main(int argc, char** argv) { return chatvim::cli::run(argc, argv); }
