// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "http.h"
#include "script.h"

namespace chatvim::standin {

// Chooses the reply to each request from the scripts that were given. Safe for all threads.
class Playlist {
 public:
  // Sets what reset() goes back to; without it that is the demonstration.
  void set_initial(Script script);
  // Puts a script in place of the present one, or its replies behind the present ones.
  void load(const Script& script, bool append);
  void reset();

  // The first reply that fits, taken off the list unless it repeats. If a script was given and has
  // none that fits, an error reply with status 501.
  std::shared_ptr<const Reply> choose(const HttpRequest& request);
  // How the next connection is to be treated.
  Greeting greeting() const;
  // How many replies are left.
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::optional<Script> initial_;
  std::deque<std::shared_ptr<const Reply>> replies_;
  bool scripted_ = false;
  Greeting greeting_ = Greeting::kServe;
};

}  // namespace chatvim::standin
