// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "session.hpp"

namespace chatvim::embed {

/// What a target names: an address, or a candidate that exists, or a pattern.
struct FoundTarget {
  std::string address;
  Candidate candidate;  ///< its path is empty if it is one of the others
  files::Entry::Kind kind = files::Entry::Kind::kMissing;  ///< of the candidate
  std::string pattern;
};

/// Returns the folder that paths in the embed's message are relative to.
std::string folder_of_chat(const Context& context, const Item& item);

/// Finds what the target of an item names. If nothing exists, the error's message is a clause that
/// says so.
Result<FoundTarget> find_target(const Session& session, const Item& item);

}  // namespace chatvim::embed
