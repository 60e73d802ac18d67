// SPDX-License-Identifier: Apache-2.0
#include "repl_history.hpp"

#include "chatvim/loop/system.hpp"
#include "chatvim/store/state.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

constexpr std::size_t kMostFileBytes = 2UL * 1024 * 1024;

terminal::History read(const std::string& path) {
  return terminal::read_history(loop::read_private(path, kMostFileBytes).value_or(""));
}

}  // namespace

ReplHistory::ReplHistory(const Environment& environment) {
  const std::string folder = store::state_folder(environment);
  if (folder.empty()) return;
  path_ = folder + "/repl-history";
  history_ = read(path_);
}

void ReplHistory::add(const std::string& entry) {
  history_.add(entry);
  if (path_.empty() || entry.starts_with(' ')) return;
  // Other runs may have added to the file.
  terminal::History all = read(path_);
  all.add(entry);
  const auto written = store::write_private(path_, terminal::write_history(all));
  if (written) return;
  say(written.error().message);
  path_.clear();
}

}  // namespace chatvim::cli
